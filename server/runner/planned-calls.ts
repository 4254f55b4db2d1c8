import type { Coordinates } from "#server/notebook/address.ts";
import type { Item } from "#server/notebook/cell-kind.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import type { Services } from "#server/notebook/services.ts";
import { placeOf } from "#server/models/call-history.ts";
import type { CallToCome } from "#server/models/estimate.ts";
import type { EmbeddingAhead } from "./embeddings-to-come.ts";
import { plannedWork } from "./planned-work.ts";
import { publicAddress } from "./run-calls.ts";
import type { SessionState } from "./session-state.ts";

/** What a step would send. */
export interface PlannedCalls {
  readonly calls: readonly CallToCome[];
  readonly embedded: readonly EmbeddingAhead[];
  /** Addresses whose calls cannot be known yet. */
  readonly open: number;
}

/** Where what items would send is gathered. */
export interface GatheredCalls {
  readonly calls: CallToCome[];
  readonly embedded: EmbeddingAhead[];
}

/** An item at its address, and for how many it stands where it is one of a sample. */
export interface PlannedItem {
  readonly at: Coordinates;
  readonly item: Item<unknown>;
  readonly times: number;
  /** Whether the journal's answers are not taken. */
  readonly anew: boolean;
}

/** Adds what items of a node would send, and gives how many of them may send more. */
export async function gatherCalls(
  { calls, embedded }: GatheredCalls,
  node: Node,
  items: readonly PlannedItem[],
  { path }: Pick<SessionState, "path">,
  planning: Services,
): Promise<number> {
  let open = 0;
  for (const [index, planned] of (await plannedWork(node, items, planning)).entries()) {
    const { at, times, anew } = items[index]!;
    const place = placeOf(path, publicAddress({ cell: node.id, at }));
    if (planned?.unsure === "open") open += 1;
    for (const call of planned?.calls ?? []) calls.push({ ...call, place, times, anew });
    for (const one of planned?.embeds ?? []) embedded.push({ ...one, times });
  }
  return open;
}
