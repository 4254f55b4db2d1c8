import type { Node } from "#server/notebook/graph-node.ts";

/** For every node that cannot be computed because of a mistake above it, the nodes that have the mistakes. */
export function blockingNodes(nodes: ReadonlyMap<string, Node>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const above = (id: string): readonly string[] => {
    const known = found.get(id);
    if (known !== undefined) return known;
    // What reads itself is blocked itself, and does not get here again.
    found.set(id, []);
    const node = nodes.get(id);
    const reads = (node?.reads ?? []).flatMap((read) => ("node" in read && read.type !== "after" ? [read.node] : []));
    const blocking = [...new Set(reads.flatMap((read) => (isMistaken(nodes.get(read)) ? [read] : above(read))))];
    found.set(id, blocking);
    return blocking;
  };
  return new Map([...nodes.keys()].flatMap((id) => (above(id).length === 0 ? [] : [[id, above(id)]])));
}

/** A cell that says `continue_on_error` blocks nobody. */
function isMistaken(node: Node | undefined): boolean {
  return (
    node !== undefined && node.blocked !== null && node.wordings[0]?.configuration.values["continue_on_error"] !== true
  );
}
