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

/** Of a cell that a sheet computes for its rows too, the sheet's reading counts as its own; of a sheet that of its cells. */
export function dependenciesOf({ nodes, cells }: Pick<NotebookView, "nodes" | "cells">, path: string): Dependencies {
  if (cells[path] === undefined) return { reads: [], readers: [] };
  const all = Object.values(nodes);
  const nameOf = (id: string): string => nodes[id]?.cells[0] ?? id;
  const related = (one: string, distance: number): Related => ({
    name: one,
    block: cells[one] === undefined ? null : one,
    kind: cells[one]?.kind ?? "input",
    distance,
  });
  function spread(of: "reads" | "readers"): readonly Related[] {
    const found = new Map<string, Related>();
    const own = ownCells({ nodes, cells }, path);
    let edge = own;
    for (let distance = 1; edge.length > 0; distance += 1) {
      const reached = edge.flatMap((one) => all.flatMap((node) => (node.cells[0] === one ? node[of].map(nameOf) : [])));
      edge = [...new Set(reached)].filter((one) => !own.includes(one) && !found.has(one));
      for (const one of edge) found.set(one, related(one, distance));
    }
    return [...found.values()];
  }
  return { reads: spread("reads"), readers: spread("readers") };
}

/** The paths of cells that read a cell itself, also where a sheet computes it for its rows; of a sheet those that read its columns. */
export function directReaders(
  { nodes, cells }: Pick<NotebookView, "nodes" | "cells">,
  path: string,
): readonly string[] {
  const own = ownCells({ nodes, cells }, path);
  const readers = Object.values(nodes).flatMap((node) => (own.includes(node.cells[0] ?? "") ? node.readers : []));
  return [...new Set(readers.map((id) => nodes[id]?.cells[0] ?? id))].filter((one) => !own.includes(one));
}

/** The first wording of a cell, and of a sheet its cells: what reads and is read in its name. */
function ownCells({ nodes, cells }: Pick<NotebookView, "nodes" | "cells">, path: string): readonly string[] {
  const first = Object.values(nodes).find(({ cells: paths }) => paths.includes(path))?.cells[0] ?? path;
  return [first, ...(cells[path]?.children ?? [])];
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
