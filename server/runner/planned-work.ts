import type { Coordinates } from "#server/notebook/address.ts";
import { wordingAt } from "#server/notebook/cell-key.ts";
import type { Item, PlannedWork } from "#server/notebook/cell-kind.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { mayCall } from "#server/notebook/model-field.ts";
import type { Services } from "#server/notebook/services.ts";

/** What items of a node would send, each; null for one that cannot be put together: its error is shown when it runs. `planning` are services that send nothing. */
export async function plannedWork(
  node: Node,
  work: readonly { readonly at: Coordinates; readonly item: Item<unknown> }[],
  planning: Services,
): Promise<readonly (PlannedWork | null)[]> {
  const searched = await searchedWork(
    node,
    work.map(({ item }) => item),
    planning,
  );
  return work.map(({ at, item }, index) => {
    const found = searched[index];
    if (found === null) return null;
    const { source } = wordingAt(node, at);
    try {
      return {
        calls: [...(node.kind!.calls?.(item, source) ?? []), ...(found?.calls ?? [])],
        embeds: [...(node.kind!.embeds?.(item, source) ?? []), ...(found?.embeds ?? [])],
        ...(found?.unsure === undefined ? {} : { unsure: found.unsure }),
      };
    } catch {
      return null;
    }
  });
}

/** What is made of what a search finds, where a node searches for it: there is none of it otherwise. */
async function searchedWork(
  node: Node,
  items: readonly Item<unknown>[],
  planning: Services,
): Promise<readonly (PlannedWork | null)[]> {
  const { planBatch } = node.kind!;
  if (planBatch === undefined || !mayCall(node)) return [];
  try {
    return await planBatch(items, planning);
  } catch {
    return items.map(() => null);
  }
}
