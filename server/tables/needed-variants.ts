import { coordinatesText, type Coordinates } from "#server/notebook/address.ts";
import { specOf, upstreamVariant } from "./sheet-states.ts";
import type { NodeSpec } from "./sheet-store.ts";

/** A sheet's nodes with only those variants that some of one node need: its own, by their places, and those they read. */
export function neededVariants(
  nodes: readonly NodeSpec[],
  node: string,
  places: readonly number[],
): readonly NodeSpec[] {
  const needed = new Map<string, Set<string>>();
  const add = (name: string, at: Coordinates): void => {
    const of = needed.get(name) ?? new Set();
    needed.set(name, of);
    if (of.has(coordinatesText(at))) return;
    of.add(coordinatesText(at));
    for (const input of specOf(nodes, name).inputs)
      if (input.type === "node") add(input.node, upstreamVariant(name, at, input));
  };
  for (const place of places) add(node, specOf(nodes, node).variants[place]!.at);
  return nodes.map((spec) => ({
    ...spec,
    variants: spec.variants.filter(({ at }) => needed.get(spec.node)?.has(coordinatesText(at)) === true),
  }));
}
