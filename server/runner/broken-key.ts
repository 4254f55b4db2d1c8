import type { Coordinates } from "#server/notebook/address.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { scalarKey } from "#server/notebook/scalar-key.ts";
import { sessionLookup } from "./session-lookup.ts";
import type { SessionState } from "./session-state.ts";

/** The key of the error of a step that broke as a whole, with the text of its parts: that of no result, so that it is tried again. */
export function brokenKey(
  node: Node,
  at: Coordinates,
  state: SessionState,
): { readonly key: string; readonly text: string } {
  const { key, text } = scalarKey(node, at, state.graph, sessionLookup(state));
  return { key: `${key}!`, text };
}
