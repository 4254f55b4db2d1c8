import type { Coordinates } from "#server/notebook/address.ts";
import type { Item } from "#server/notebook/cell-kind.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { plannedWork } from "./planned-work.ts";
import type { RunContext } from "./run-context.ts";

/** Whether only that of a node's work may be done of which the journal has the answers: nobody asked, and it has no grant. */
export function needsAnswers(
  node: Node,
  { automatic, callsModels, grantOf }: Pick<RunContext, "automatic" | "callsModels" | "grantOf">,
): boolean {
  return automatic && callsModels(node) && grantOf(node) === null;
}

/** Of some work on a node that calls models, what the journal has all the answers to: it costs nothing, and needs no hand. */
export async function onlyAnswered<Work extends { readonly at: Coordinates; readonly item: Item<unknown> }>(
  node: Node,
  work: readonly Work[],
  context: Pick<RunContext, "inJournal" | "planning">,
): Promise<readonly Work[]> {
  const planned = await plannedWork(node, work, context.planning);
  const found = (
    await context.inJournal(
      node,
      planned.flatMap((one) => (one?.unsure !== undefined ? [] : (one?.calls ?? []))),
    )
  )[Symbol.iterator]();
  return work.filter((_, index) => {
    const one = planned[index];
    // What cannot be put together says so when it is run, and what is not sure of its calls has no answers.
    if (one === null || one === undefined || one.unsure !== undefined) return false;
    return one.calls.map(() => found.next().value === true).every((answered) => answered);
  });
}
