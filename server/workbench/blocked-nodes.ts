import { addressText } from "#server/notebook/address.ts";
import { variantsOf } from "#server/notebook/axis.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import type { SessionState } from "#server/runner/session-state.ts";

/**
 * The nodes outside sheets that nobody has run and that cannot be, with what stands in their way by name: something they read failed at
 * each of its addresses, or is blocked so itself. What they read may yet be mended; until then this is how they stand.
 */
export function blockedNodes({
  graph,
  results,
  overrides,
}: Pick<SessionState, "graph" | "results" | "overrides">): ReadonlyMap<string, readonly string[]> {
  const blocked = new Map<string, readonly string[]>();
  const hasFailed = (id: string): boolean => {
    const node = graph.nodes.get(id)!;
    if (node.blocked !== null || blocked.has(id)) return true;
    if (node.sheet !== null || graph.sheets.has(id)) return false;
    return variantsOf(node.axes).every((at) => {
      const address = addressText({ cell: id, at });
      const outcome = results.get(address)?.outcome;
      return !overrides.has(address) && (outcome === "error" || outcome === "blocked");
    });
  };
  for (const node of graph.nodes.values()) {
    if (node.sheet !== null || node.blocked !== null) continue;
    const because = readsOf(node).filter(hasFailed);
    if (because.length > 0) blocked.set(node.id, because);
  }
  return blocked;
}

/** Nodes without whose values it has none. */
function readsOf({ reads, wordings }: Node): readonly string[] {
  const { continue_on_error: goesOn, optional = [] } = wordings[0]!.configuration.values;
  if (goesOn === true) return [];
  const spared = new Set(Array.isArray(optional) ? optional : [optional]);
  return [...new Set(reads.flatMap((read) => (read.type === "node" && !spared.has(read.as) ? [read.node] : [])))];
}
