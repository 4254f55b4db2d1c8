import type { Node } from "#server/notebook/graph-node.ts";
import { nearestName } from "#server/notebook/nearest-name.ts";
import type { Diagnostic } from "#server/notebook/notebook.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { automationOf, saysAuto } from "./automation.ts";
import type { CellGrants } from "./cell-grants.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";

/**
 * Grants a cell of the notebook a budget in US dollars. Throws `grant.budget` for what is none, `grant.cell` for a name that is
 * no cell's, and for a cell that needs no grant or can have none.
 */
export async function grantCell(
  name: string,
  budget: number,
  grants: CellGrants,
  state: SessionState,
  runtime: Runtime,
): Promise<void> {
  if (!Number.isFinite(budget) || budget < 0)
    throw new SheafError("grant.budget", `${budget} is no budget`, {
      cure: "Give US dollars, as in 2.5; 0 is enough for a model that costs nothing.",
    });
  const cells = byName(state);
  const node = cells.get(name);
  if (node === undefined) {
    const near = nearestName(name, cells.keys());
    throw new SheafError("grant.cell", `there is no cell \`${name}\``, {
      cure: near === null ? "Give the name of a cell that calls a model." : `Did you mean \`${near}\`?`,
    });
  }
  const automation = automationOf(node, state.graph.front, runtime);
  switch (automation) {
    case "granted":
      return await grants.give(name, budget);
    case "itself":
      throw new SheafError("grant.cell", `\`${name}\` runs by itself and needs no grant`);
    case "uncounted":
    case "external":
      throw new SheafError("grant.cell", `\`${name}\` ${never[automation]}, so it never runs by itself`, {
        cure: "Run it by hand.",
      });
  }
}

/** Cells that say `run: auto` and have nothing to run on. */
export function* grantProblems(
  grants: CellGrants,
  state: SessionState,
  runtime: Pick<Runtime, "useOf">,
): Iterable<Diagnostic> {
  for (const [name, node] of byName(state)) {
    if (!saysAuto(node)) continue;
    const { configuration, position } = node.wordings[0]!;
    const at = { severity: "warning", cell: name, position: configuration.positions["run"] ?? position } as const;
    const automation = automationOf(node, state.graph.front, runtime);
    switch (automation) {
      case "itself":
        break;
      case "granted":
        if (grants.of(name) === null)
          yield {
            code: "cell.no-grant",
            message: `\`${name}\` calls a model and has no grant, so \`run: auto\` has no effect: it waits for a hand`,
            cure: "Grant the cell a budget, or take `run: auto` away.",
            ...at,
          };
        break;
      case "uncounted":
      case "external":
        yield {
          code: "cell.never-automatic",
          message: `\`${name}\` ${never[automation]}, so \`run: auto\` has no effect: it waits for a hand`,
          cure: "Take `run: auto` away, and run the cell by hand.",
          ...at,
        };
    }
  }
}

const never = {
  uncounted: "calls a model whose costs are not counted",
  external: "reaches outside",
} as const;

/** For each cell's name a node that does its work: of repeats that are made one value, the repeats. */
function byName({ graph }: SessionState): ReadonlyMap<string, Node> {
  return new Map([...graph.nodes.values()].filter(({ reduces }) => !reduces).map((node) => [nameOf(node), node]));
}

/** The name of a node's cell, which it has wherever it is computed. */
export function nameOf({ wordings }: Node): string {
  return wordings[0]!.name;
}
