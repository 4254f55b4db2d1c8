import type { Coordinates } from "#server/notebook/address.ts";
import type { Item } from "#server/notebook/cell-kind.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import type { Services } from "#server/notebook/services.ts";
import { placeOf } from "#server/models/call-history.ts";
import type { CallToCome } from "#server/models/estimate.ts";
import type { EmbeddingAhead } from "./embeddings-to-come.ts";
import { plannedWork } from "./planned-work.ts";
import { ageOf, publicAddress } from "./run-calls.ts";
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
  state: SessionState,
  planning: Services,
): Promise<number> {
  const age = ageIfAny(node, state);
  let open = 0;
  for (const [index, planned] of (await plannedWork(node, items, planning)).entries()) {
    const { at, times, anew } = items[index]!;
    const place = placeOf(state.path, publicAddress({ cell: node.id, at }));
    const maximumAge = anew ? 0 : age;
    if (planned?.unsure === "open") open += 1;
    for (const call of age === "none" ? [] : (planned?.calls ?? []))
      calls.push({ ...call, place, times, ...(typeof maximumAge === "number" ? { maximumAge } : {}) });
    for (const one of planned?.embeds ?? []) embedded.push({ ...one, times });
  }
  return open;
}

/** The oldest answers a node takes from the journal; `none` where its setting is no time: it sends nothing, and says so when it runs. */
function ageIfAny({ id }: Node, state: SessionState): number | null | "none" {
  try {
    return ageOf({ cell: id }, state);
  } catch {
    return "none";
  }
}
