import { compareWithBaseline, type BaselineComparison } from "#evals/compare-with-baseline.ts";
import { parseAddress } from "#server/notebook/address.ts";
import type { Baseline, BaselineLine } from "#server/notebook/baseline.ts";
import { baselineHeader } from "./baseline-header.ts";
import { presentResults } from "./present-results.ts";
import type { Runtime } from "./runtime.ts";
import type { Session } from "./session.ts";
import { nodesOfCell } from "./take-baseline.ts";

/** Compares the results of a notebook as they are now with a baseline, those of the nodes `within` alone where it is given. Nothing is run. */
export async function compareBaseline(
  { header, lines }: Baseline,
  session: Session,
  runtime: Runtime,
  within: ReadonlySet<string> | null = null,
): Promise<BaselineComparison> {
  await session.refresh();
  const { state } = session;
  const covered = header.cell === undefined ? null : nodesOfCell(header.cell, state.graph);
  const cells =
    covered === null ? within : within === null ? covered : new Set([...covered].filter((cell) => within.has(cell)));
  const then = within === null ? lines : lines.filter(({ address }) => within.has(parseAddress(address).cell));
  const known = new Set(then.map(({ address }) => address));
  const now = new Map<string, BaselineLine>();
  const [open, closed, answered] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const added = new Map<string, number>();
  for await (const present of presentResults(cells, { state, tables: runtime.tables })) {
    switch (present.type) {
      case "settled": {
        const { address } = present.line;
        const { cell } = parseAddress(address);
        if (known.has(address)) now.set(address, present.line);
        else added.set(cell, (added.get(cell) ?? 0) + 1);
        for (const model of present.models) answered.add(model);
        break;
      }
      case "open":
        if (known.has(present.address)) open.add(present.address);
        break;
      case "closed":
        closed.add(present.sheet);
    }
  }
  const side = {
    header: baselineHeader(state, runtime, { answered, cell: header.cell }),
    lines: now,
    open,
    closed,
    added,
  };
  return compareWithBaseline({ header, lines: then }, side);
}
