import type { Baseline, BaselineLine } from "#server/notebook/baseline.ts";
import type { Graph } from "#server/notebook/graph-node.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { baselineHeader } from "./baseline-header.ts";
import { presentResults } from "./present-results.ts";
import type { Runtime } from "./runtime.ts";
import type { Session } from "./session.ts";

/** A baseline of a notebook as it stands, and what is not in it. */
export interface TakenBaseline {
  readonly baseline: Baseline;
  /** Results in it that are errors, or blocked by one. */
  readonly failed: number;
  /** Addresses without a settled result, and sheets whose rows are not settled. */
  readonly left: {
    readonly stale: number;
    readonly never: number;
    readonly unfinished: number;
    readonly sheets: readonly string[];
  };
}

/** Results a baseline has at most: what has more is no file to be committed. */
export const mostBaselineResults = 100_000;

/**
 * The settled results of a notebook, or of one of its cells, as a baseline; nothing is run. Throws `baseline.nothing` where none is settled, and
 * `baseline.too-large`.
 */
export async function takeBaseline(session: Session, runtime: Runtime, cell?: string): Promise<TakenBaseline> {
  await session.refresh();
  const { state } = session;
  const lines: BaselineLine[] = [];
  const answered = new Set<string>();
  const left = { stale: 0, never: 0, unfinished: 0, sheets: [] as string[] };
  const asked = cell === undefined ? null : nodesOfCell(cell, state.graph);
  for await (const present of presentResults(asked, { state, tables: runtime.tables })) {
    switch (present.type) {
      case "settled":
        lines.push(present.line);
        for (const model of present.models) answered.add(model);
        break;
      case "open":
        left[present.why] += 1;
        break;
      case "closed":
        left.sheets.push(present.sheet);
    }
    if (lines.length > mostBaselineResults)
      throw new SheafError(
        "baseline.too-large",
        `a baseline has at most ${mostBaselineResults.toLocaleString("en")} results, and here are more`,
        { cure: "Name the cell that matters with --cell SHEET.COLUMN." },
      );
  }
  if (lines.length === 0)
    throw new SheafError(
      "baseline.nothing",
      `nothing ${cell === undefined ? `in ${state.path}` : `of ${cell}`} is current`,
      {
        cure: "Run it first: a baseline is made of results that are there.",
      },
    );
  const failed = lines.filter(({ outcome }) => outcome === "error" || outcome === "blocked").length;
  return { baseline: { header: baselineHeader(state, runtime, { answered, cell }), lines }, failed, left };
}

/** The nodes of a cell's results: of a sheet all of its. */
export function nodesOfCell(cell: string, { sheets }: Graph): ReadonlySet<string> {
  return new Set(sheets.get(cell)?.nodes ?? [cell]);
}
