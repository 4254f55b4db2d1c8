import type { Graph, Node, Sheet } from "./graph-node.ts";
import type { Cell } from "./notebook.ts";
import type { Plan, Step } from "./plan.ts";

/**
 * The steps of a plan that come out the same whatever is given for the inputs, call no model, and need only such steps: they
 * can be computed once for many callers. `volatile` are cells whose SQL gives another answer at every run.
 */
export function sharedSteps(plan: Plan, graph: Graph, volatile: ReadonlySet<Cell>): readonly Step[] {
  const shared = new Set<string>();
  return plan.steps.filter(({ node: id, effect, needs }) => {
    const node = graph.nodes.get(id)!;
    const free = effect === "pure" || effect === "local";
    const steady = !node.wordings.some((cell) => volatile.has(cell));
    const is = free && steady && !readsInput(node, graph) && needs.every((other) => shared.has(other));
    if (is) shared.add(id);
    return is;
  });
}

/** Whether a caller's inputs decide a node directly: by what it reads, or by its sheet's rows and bindings. */
function readsInput(node: Node, { sheets }: Graph): boolean {
  const sheet = sheets.get(node.sheet ?? node.id);
  return node.reads.some(({ type }) => type === "input") || (sheet !== undefined && bindsInput(sheet));
}

function bindsInput({ rows, bindings }: Sheet): boolean {
  return (
    rows?.type === "input" ||
    bindings.some((binding) => binding.type === "expression" && binding.reads.some(({ type }) => type === "input"))
  );
}
