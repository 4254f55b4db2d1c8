/**
 * Orders nodes so that each stands after those it depends on. Nodes of a cycle come last and are returned as cycles, each
 * once, in the order of reading. Iterative, so that a chain of ten thousand does not overflow the stack.
 */
export function nodeOrder<Node>(
  nodes: ReadonlyMap<string, Node>,
  dependencies: (node: Node) => Iterable<string>,
): { order: readonly string[]; cycles: readonly (readonly string[])[] } {
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  const cycles: string[][] = [];
  const onCycle = new Set<string>();

  for (const start of nodes.keys()) {
    if (state.has(start)) continue;
    const path: { id: string; rest: Iterator<string> }[] = [];
    const open = (id: string): void => {
      state.set(id, "open");
      path.push({ id, rest: dependencies(nodes.get(id)!)[Symbol.iterator]() });
    };
    open(start);
    while (path.length > 0) {
      const top = path[path.length - 1]!;
      const next = top.rest.next();
      if (next.done === true) {
        state.set(top.id, "done");
        order.push(top.id);
        path.pop();
      } else if (nodes.has(next.value)) {
        const seen = state.get(next.value);
        if (seen === undefined) open(next.value);
        else if (seen === "open") {
          const cycle = path.slice(path.findIndex((step) => step.id === next.value)).map((step) => step.id);
          cycles.push(cycle);
          for (const id of cycle) onCycle.add(id);
        }
      }
    }
  }
  return { order: [...order.filter((id) => !onCycle.has(id)), ...order.filter((id) => onCycle.has(id))], cycles };
}
