import type { Node } from "#server/notebook/graph-node.ts";
import type { Cell, Diagnostic } from "#server/notebook/notebook.ts";
import { diagnosticsOf } from "./diagnostics-of.ts";

/** For every node that cannot be computed because of a mistake above it, the nodes that have the mistakes: what the graph blocks, and what cannot be read as it is written. */
export function blockingNodes(
  nodes: ReadonlyMap<string, Node>,
  diagnostics: readonly Diagnostic[] = [],
): ReadonlyMap<string, readonly string[]> {
  const errors = Map.groupBy(
    diagnostics.filter(({ severity }) => severity === "error"),
    ({ cell }) => cell,
  );
  const found = new Map<string, readonly string[]>();
  /** A cell that says `continue_on_error` blocks nobody; one of whose wordings one is right has a value. */
  const isMistaken = (node: Node | undefined): boolean => {
    if (node === undefined || node.wordings[0]?.configuration.values["continue_on_error"] === true) return false;
    const isWrong = (cell: Cell): boolean => diagnosticsOf(cell, errors.get(cell.name) ?? []).length > 0;
    return node.blocked !== null || node.wordings.every(isWrong);
  };
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
