import type { Coordinates } from "#server/notebook/address.ts";
import { wordingAt } from "#server/notebook/cell-key.ts";
import type { Item } from "#server/notebook/cell-kind.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import type { RunContext } from "./run-context.ts";

/** Whether only that of a node's work may be done of which the journal has the answers: nobody asked, and it has no grant. */
export function needsAnswers(node: Node, { automatic, grantOf }: Pick<RunContext, "automatic" | "grantOf">): boolean {
  return automatic && node.kind!.calls !== undefined && grantOf(node) === null;
}

/** Of some work on a node that calls models, what the journal has all the answers to: it costs nothing, and needs no hand. */
export async function onlyAnswered<Work extends { readonly at: Coordinates; readonly item: Item<unknown> }>(
  node: Node,
  work: readonly Work[],
  context: Pick<RunContext, "inJournal">,
): Promise<readonly Work[]> {
  const planned = work.map(({ at, item }) => {
    try {
      return node.kind!.calls!(item, wordingAt(node, at).source);
    } catch {
      // What cannot be put together says so when it is run.
      return null;
    }
  });
  const found = (
    await context.inJournal(
      node,
      planned.flatMap((calls) => calls ?? []),
    )
  )[Symbol.iterator]();
  return work.filter((_, index) => {
    const calls = planned[index];
    if (calls === null || calls === undefined) return false;
    return calls.map(() => found.next().value === true).every((answered) => answered);
  });
}
