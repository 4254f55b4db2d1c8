import type { Coordinates } from "#server/notebook/address.ts";
import type { Item } from "#server/notebook/cell-kind.ts";
import { wordingAt } from "#server/notebook/cell-key.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { placeOf } from "#server/models/call-history.ts";
import type { CallToCome } from "#server/models/estimate.ts";
import type { EmbeddingAhead } from "./embeddings-to-come.ts";
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
  readonly node: Node;
  readonly at: Coordinates;
  readonly item: Item<unknown>;
  readonly times: number;
}

/** Adds what an item would send. */
export function gatherCalls(
  { calls, embedded }: GatheredCalls,
  { node, at, item, times }: PlannedItem,
  { path }: Pick<SessionState, "path">,
): void {
  const { source } = wordingAt(node, at);
  const place = placeOf(path, publicAddress({ cell: node.id, at }));
  try {
    for (const call of node.kind!.calls?.(item, source) ?? []) calls.push({ ...call, place, times });
    for (const one of node.kind!.embeds?.(item, source) ?? []) embedded.push({ ...one, times });
  } catch {
    // What cannot be put together sends nothing; its error is shown when it runs.
  }
}
