import { addressText, type Address, type Coordinates } from "#server/notebook/address.ts";
import { agreesWith, variantsOf } from "#server/notebook/axis.ts";
import type { Graph, Node } from "#server/notebook/graph-node.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import type { SessionState } from "./session-state.ts";

/** The calls of a result outside sheets, and after them those of the repeats that it is made of; a person's value has none. */
export function callsWithRepeats(
  node: Node,
  at: Coordinates,
  state: Pick<SessionState, "graph" | "overrides" | "results">,
): readonly CallFacts[] {
  return [[node, at] as const, ...repeatsOf(node, at, state.graph)].flatMap(([{ id: cell }, there]) =>
    callsOf({ cell, at: there }, state),
  );
}

/** The calls of one result outside sheets itself; a person's value has none. */
export function callsOf(
  address: Address,
  { overrides, results }: Pick<SessionState, "overrides" | "results">,
): readonly CallFacts[] {
  const text = addressText(address);
  return overrides.has(text) ? [] : (results.get(text)?.calls ?? []);
}

/** Where the repeats of a result stand that are made one value. */
export function repeatsOf(
  { id }: Node,
  at: Coordinates,
  { nodes }: Graph,
): readonly (readonly [repeat: Node, at: Coordinates])[] {
  const each = nodes.get(`${id}#each`);
  if (each === undefined) return [];
  return variantsOf(each.axes).flatMap((there) => (agreesWith(there, at) ? [[each, there] as const] : []));
}
