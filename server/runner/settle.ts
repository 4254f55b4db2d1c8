import { planRun } from "#server/notebook/plan.ts";
import { automationOf, isManual } from "./automation.ts";
import type { CellGrants } from "./cell-grants.ts";
import { deriveFreshness } from "./derive-freshness.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";
import { startAutomatic, type Run, type RunOptions } from "./start-run.ts";

/**
 * Runs what may run without being asked: cells that are `pure` or `local` and read nothing that is not settled. A cell that
 * calls a model runs where the journal has all its answers, and so costs nothing; or where it says `run: auto` and has a grant, up to
 * its budget. Never: what reaches outside, what says `run: manual`, what a person has stopped, SQL whose answer differs from run to run,
 * and sheets of more than 1,000 rows. It is recorded as a run where it called a model.
 */
export async function settle(
  state: SessionState,
  grants: CellGrants,
  runtime: Runtime,
  options: Pick<RunOptions, "onEvent">,
): Promise<Run> {
  await grants.load();
  deriveFreshness(state);
  const { graph } = state;
  const plan = planRun(graph, { type: "stale" }, { effect: (node) => runtime.effectOf(node, graph.front) });
  const steps = plan.steps.filter(({ node }) => {
    const known = graph.nodes.get(node)!;
    if (isManual(known, state)) return false;
    const automation = automationOf(known, graph.front, runtime);
    return automation === "itself" || automation === "granted";
  });
  return startAutomatic(state, { ...plan, steps }, grants, runtime, options);
}
