import type { FrontMatter } from "#server/notebook/notebook.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";

/**
 * What lets a node be computed when nobody asked: `itself` needs nothing; `granted` calls models and needs their answers in the
 * journal, or a grant; `uncounted` calls a model whose costs nobody adds up, and `external` reaches outside: these never are.
 */
export type Automation = "itself" | "granted" | "uncounted" | "external";

export function automationOf(node: Node, front: FrontMatter, runtime: Pick<Runtime, "useOf">): Automation {
  const { effect, calls, paysToEmbed } = runtime.useOf(node, front);
  switch (effect) {
    case "pure":
    case "local":
      return "itself";
    case "model":
    case "paid":
      return calls && !paysToEmbed ? "granted" : "uncounted";
    case "external":
      return "external";
  }
}

/** Whether a cell waits for a hand whatever it does: it or its sheet says so, or its answer differs from run to run. */
export function isManual(
  { wordings, sheet }: Node,
  { graph, volatile }: Pick<SessionState, "graph" | "volatile">,
): boolean {
  const cells = sheet === null ? wordings : [...wordings, graph.sheets.get(sheet)!.cell];
  return cells.some((cell) => cell.configuration.values["run"] === "manual" || volatile.has(cell));
}

/** Whether a cell says that it is to run by itself. */
export function saysAuto({ wordings }: Pick<Node, "wordings">): boolean {
  return wordings[0]!.configuration.values["run"] === "auto";
}
