import { agreesWith, isAt, variantsOf } from "#server/notebook/axis.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import type { Graph, Node } from "#server/notebook/graph-node.ts";
import { mayCall } from "#server/notebook/model-field.ts";
import type { CellPlace } from "#server/tables/sheet-views.ts";

/** `answeringNodes` where labels of some axes are left open: of several variants the first tells which rows are one, for repeats of a row are not independent either. */
export function answeringNodesAt(node: Node, labels: Coordinates, graph: Graph): readonly CellPlace[] {
  const at = variantsOf(node.axes).find((variant) => isAt(variant, labels));
  return at === undefined ? [] : answeringNodes(node, at, graph);
}

/**
 * Whose calls decide a result of a cell: its own where it calls a model or reads none that does, else those of the cells it reads
 * in its row. Where they are equal in two rows, so are the answers, and the two results are no independent evidence.
 */
export function answeringNodes(node: Node, at: Coordinates, graph: Graph): readonly CellPlace[] {
  const found = callingNodes(node, at, graph);
  return found.length === 0 ? [{ node: node.name, at }] : found;
}

function callingNodes(node: Node, at: Coordinates, graph: Graph): readonly CellPlace[] {
  const own = mayCall(node) ? [{ node: node.name, at }] : [];
  if (node.kind?.calls !== undefined) return own;
  // A search may call none after all: then those of what it reads decide.
  const found = new Map<string, CellPlace>(own.map((place) => [JSON.stringify(place), place]));
  for (const read of node.reads) {
    const target = read.type === "node" ? graph.nodes.get(read.node) : undefined;
    if (target === undefined || target.sheet !== node.sheet) continue;
    const known = { ...at, ...read.reference.at };
    for (const there of variantsOf(target.axes)) {
      if (!agreesWith(there, known)) continue;
      for (const place of callingNodes(target, there, graph)) found.set(JSON.stringify(place), place);
    }
  }
  return [...found.values()];
}
