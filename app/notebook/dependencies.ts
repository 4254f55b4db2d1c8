import type { NotebookView } from "#server/workbench/view.ts";

/** A cell or an input that another depends on or that depends on it. */
export interface Related {
  readonly name: string;
  /** The block of the page to go to; null for an input. */
  readonly block: string | null;
  readonly kind: string;
  /** 1 for what is read directly, 2 for what that reads, … */
  readonly distance: number;
}

/** What a cell reads, directly and through others, and what reads it; nearest first. */
export interface Dependencies {
  readonly reads: readonly Related[];
  readonly readers: readonly Related[];
}

export function dependenciesOf({ nodes, cells }: Pick<NotebookView, "nodes" | "cells">, path: string): Dependencies {
  const start = cells[path]?.node;
  if (start === null || start === undefined) return { reads: [], readers: [] };
  return {
    reads: spread(start, (id) => nodes[id]?.reads ?? [], nodes),
    readers: spread(start, (id) => nodes[id]?.readers ?? [], nodes),
  };
}

/** The names of cells outside some that read them, also where a sheet computes those for its rows. */
export function readersOutside(
  { nodes, cells }: Pick<NotebookView, "nodes" | "cells">,
  paths: readonly string[],
): readonly string[] {
  const own = new Set(paths.flatMap((path) => [path, ...(cells[path]?.children ?? [])]));
  const isOwn = (id: string): boolean => (nodes[id]?.cells ?? []).every((path) => own.has(path));
  const readers = Object.values(nodes).flatMap((node) => (isOwn(node.id) ? node.readers : []));
  return [...new Set(readers)].filter((id) => !isOwn(id));
}

function spread(
  start: string,
  next: (id: string) => readonly string[],
  nodes: NotebookView["nodes"],
): readonly Related[] {
  const found = new Map<string, Related>();
  let edge = [start];
  for (let distance = 1; edge.length > 0; distance += 1) {
    const reached = edge.flatMap(next).filter((id) => id !== start && !found.has(id));
    edge = [...new Set(reached)];
    for (const id of edge) found.set(id, relatedOf(id, distance, nodes));
  }
  return [...found.values()];
}

function relatedOf(id: string, distance: number, nodes: NotebookView["nodes"]): Related {
  const node = nodes[id];
  if (node === undefined) return { name: id, block: null, kind: "input", distance };
  return { name: id, block: node.cells[0] ?? null, kind: node.kind, distance };
}
