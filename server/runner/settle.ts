import type { Node } from "#server/notebook/graph-node.ts";
import { planRun } from "#server/notebook/plan.ts";
import { deriveFreshness } from "./derive-freshness.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";
import { startAutomatic, type Run, type RunOptions } from "./start-run.ts";

/**
 * Runs what may run without being asked: cells that are `pure` or `local` and read nothing that is not settled. A cell that
 * calls a model runs where the journal has all its answers, and so costs nothing. Never: what reaches outside, what says
 * `run: manual`, SQL whose answer differs from run to run, and sheets of more than 1,000 rows. Nothing is recorded as a run.
 */
export function settle(state: SessionState, runtime: Runtime, options: Pick<RunOptions, "onEvent">): Run {
  deriveFreshness(state);
  const { graph } = state;
  const plan = planRun(graph, { type: "stale" }, { effect: (node) => runtime.effectOf(node, graph.front) });
  const steps = plan.steps.filter(({ node, effect }) => {
    const known = graph.nodes.get(node)!;
    if (isManual(known, state)) return false;
    switch (effect) {
      case "pure":
      case "local":
        return true;
      case "model":
      case "paid":
        return known.kind?.calls !== undefined;
      case "external":
        return false;
    }
  });
  return startAutomatic(state, { ...plan, steps }, runtime, options);
}

/** Whether a cell waits for a hand whatever it does: it says so, or its answer differs from run to run. */
export function isManual({ wordings }: Node, { volatile }: SessionState): boolean {
  return wordings.some((cell) => cell.configuration.values["run"] === "manual" || volatile.has(cell));
}
