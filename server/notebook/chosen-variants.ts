import { coordinatesText, type Coordinates } from "./address.ts";
import { agreesWith, chosenVariant, variantsOf } from "./axis.ts";
import type { Graph, Node, Read, Sheet } from "./graph-node.ts";

/**
 * For each node that outputs need at the labels `choose` names, the variants of it they need, in the order of its axes. Of a
 * sheet that is an output every column is needed; of one that is only read, those its table has: the ones without axes.
 */
export function chosenVariants(graph: Graph, outputs: readonly string[]): ReadonlyMap<string, readonly Coordinates[]> {
  const { choose } = graph.front;
  const found = new Map<string, Set<string>>();
  const open: { readonly node: Node; readonly at: Coordinates }[] = [];

  function need(id: string, at: Coordinates): void {
    let known = found.get(id);
    if (known === undefined) found.set(id, (known = new Set()));
    const text = coordinatesText(at);
    if (known.has(text)) return;
    known.add(text);
    open.push({ node: graph.nodes.get(id)!, at });
  }

  function needChosen(id: string, at: Coordinates): void {
    need(id, chosenVariant(graph.nodes.get(id)!.axes, { ...choose, ...at }));
  }

  /** All variants at the labels given. */
  function needAll(id: string, at: Coordinates): void {
    for (const variant of variantsOf(graph.nodes.get(id)!.axes)) if (agreesWith(variant, at)) need(id, variant);
  }

  function follow(read: Read, at: Coordinates): void {
    switch (read.type) {
      case "node":
      case "meta":
        return needAll(read.node, { ...at, ...read.reference.at });
      case "results":
        return needAll(read.node, read.reference.at ?? {});
      case "condition":
      case "after":
        return needChosen(read.node, at);
      case "input":
      case "bound":
      case "row":
      case "vary":
      case "file":
      case "calls":
        return;
    }
  }

  /** What a sheet itself reads: its rows, and what its bindings are computed from. */
  function followSheet({ rows, bindings }: Sheet): void {
    if (rows !== null) follow(rows, {});
    for (const binding of bindings)
      if (binding.type === "expression") for (const read of binding.reads) follow(read, {});
  }

  for (const output of outputs) {
    if (!graph.nodes.has(output)) continue;
    needChosen(output, {});
    for (const column of graph.sheets.get(output)?.columns ?? []) needChosen(column, {});
  }
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, at } = next;
    for (const read of node.reads) follow(read, at);
    const own = graph.sheets.get(node.id);
    const scope = node.sheet === null ? undefined : graph.sheets.get(node.sheet);
    if (scope !== undefined) followSheet(scope);
    if (own === undefined) continue;
    followSheet(own);
    for (const column of own.columns) if (graph.nodes.get(column)!.axes.length === 0) need(column, {});
  }
  return new Map(
    [...found].map(([id, texts]) => [
      id,
      variantsOf(graph.nodes.get(id)!.axes).filter((at) => texts.has(coordinatesText(at))),
    ]),
  );
}
