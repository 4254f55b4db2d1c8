import { addressText, type Coordinates } from "#server/notebook/address.ts";
import { variantsOf } from "#server/notebook/axis.ts";
import { freshnessOf, type Freshness } from "#server/notebook/freshness.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { scalarKey, type Lookup } from "#server/notebook/scalar-key.ts";
import { areOpen, sheetKey } from "./column-fingerprint.ts";
import { sessionLookup } from "./session-lookup.ts";
import type { SessionState } from "./session-state.ts";
import { writtenSince } from "./table-writes.ts";

/**
 * The freshness of every result outside sheets and of each sheet's own table, as of now. The state remembers which are stale,
 * because that is what their readers' freshness hangs on.
 */
export function deriveFreshness(state: SessionState): ReadonlyMap<string, Freshness> {
  const found = new Map<string, Freshness>();
  const lookup = sessionLookup(state);
  state.stale.clear();
  state.open.clear();
  for (const node of state.graph.nodes.values()) {
    if (node.sheet !== null) continue;
    for (const at of variantsOf(node.axes)) {
      const address = addressText({ cell: node.id, at });
      const fresh = freshnessAt(node, at, address, state, lookup);
      if (fresh.state === "stale") state.stale.add(address);
      found.set(address, fresh);
    }
  }
  return found;
}

function freshnessAt(node: Node, at: Coordinates, address: string, state: SessionState, lookup: Lookup): Freshness {
  const override = state.overrides.get(address)?.type ?? null;
  const stored = state.results.get(address) ?? null;
  if (override !== null || stored === null) return freshnessOf(stored, null, [], override);
  const sheet = state.graph.sheets.get(node.id);
  const { key, parts, text, unsettled } =
    sheet === undefined ? scalarKey(node, at, state.graph, lookup) : sheetKey(sheet, state, lookup);
  const fresh = freshnessOf(stored, unsettled.length > 0 ? null : { key, parts }, unsettled, null);
  const isOpen = sheet !== undefined && unsettled.length === 0 && areOpen(stored.parts, text);
  if (sheet === undefined || (fresh.state !== "current" && !isOpen)) return fresh;
  // The key of a sheet's table says what its columns hang on; whether their results were there is counted.
  const written = writtenSince(sheet, state);
  if (isOpen && written.length === 0) state.open.add(address);
  return isOpen || written.length === 0 ? fresh : { state: "stale", reasons: written };
}
