import type { CallsEstimate } from "#server/models/estimate.ts";
import type { Plan, Step } from "#server/notebook/plan.ts";
import { deriveFreshness } from "./derive-freshness.ts";
import { estimatePlan, type Estimate } from "./estimate.ts";
import { executePlan } from "./execute-plan.ts";
import type { RunContext } from "./run-context.ts";
import type { RunServices } from "./run-services.ts";
import type { Runtime } from "./runtime.ts";
import type { RunOptions } from "./start-run.ts";

/** US dollars an estimate may reach without being confirmed. */
export const confirmAbove = 0.5;

/** Whether a person is asked before what may cost so much. */
export function isRisky({ cost, unpriced }: Pick<CallsEstimate, "cost" | "unpriced">): boolean {
  return cost.high > confirmAbove || unpriced.length > 0;
}

/** Runs what costs nothing first, so that the estimate knows the requests; then asks where it is over the threshold. */
export async function confirmed(
  plan: Plan,
  free: readonly Step[],
  context: RunContext,
  runtime: Runtime,
  options: RunOptions,
  services: RunServices,
): Promise<{ readonly outcome: "done" | "cancelled"; readonly estimate: Estimate }> {
  await executePlan({ ...plan, steps: free }, context);
  // What is stale decides which requests are known.
  deriveFreshness(context.state);
  const estimateNow = (): Promise<Estimate> => estimatePlan(plan, context, runtime, options);
  const estimate = await estimateNow();
  context.emit({ type: "estimate", estimate });
  const { confirm } = options;
  if (confirm === undefined || plan.steps.every(({ effect }) => effect !== "paid"))
    return { outcome: "done", estimate };
  if (isRisky(estimate.known) && !(await confirm(estimate))) return { outcome: "cancelled", estimate };
  services.confirmBeyond(Math.max(estimate.known.cost.high, confirmAbove), async () => confirm(await estimateNow()));
  return { outcome: "done", estimate };
}

/** The steps that neither call a model nor wait for one that does; with `before` only those that such steps need. */
export function freeSteps(plan: Plan, before?: (step: Step) => boolean): readonly Step[] {
  const needed = new Set<string>();
  if (before !== undefined)
    for (const step of plan.steps.toReversed())
      if (before(step) || needed.has(step.node)) for (const id of step.needs) needed.add(id);
  const calling = new Set<string>();
  const free = plan.steps.filter((step) => {
    const after = step.needs.some((id) => calling.has(id));
    if (after || step.effect === "paid" || step.effect === "model" || step.effect === "external")
      calling.add(step.node);
    return !calling.has(step.node);
  });
  return before === undefined ? free : free.filter(({ node }) => needed.has(node));
}

/** A context in which errors of these steps are left: they have been tried in this run. */
export function withoutRetries(context: RunContext, tried: readonly Step[]): RunContext {
  if (tried.length === 0 || !context.retryErrors) return context;
  const nodes = new Set(tried.map(({ node }) => node));
  return {
    ...context,
    step(node) {
      const own = context.step(node);
      return own !== null && nodes.has(node.id) ? { ...own, retryErrors: false } : own;
    },
  };
}
