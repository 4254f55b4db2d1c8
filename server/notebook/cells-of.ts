import { foldName } from "./names.ts";
import type { Cell, Notebook } from "./notebook.ts";

/** A cell with where it stands. */
export interface PlacedCell {
  readonly cell: Cell;
  /** The sheet it stands in; null at the top. */
  readonly container: Cell | null;
  /** What names it from outside: `topic`, `triage.correct`, and for a wording `topic.short`. */
  readonly path: string;
}

/** All cells of a notebook in the order of the file, a sheet's own right behind it. */
export function cellsOf(notebook: Pick<Notebook, "cells">): PlacedCell[] {
  const placed: PlacedCell[] = [];
  const visit = (cells: readonly Cell[], container: Cell | null, prefix: string): void => {
    for (const cell of cells) {
      const path = `${prefix}${cell.name}`;
      placed.push({ cell, container, path: cell.label === null ? path : `${path}.${cell.label}` });
      visit(cell.cells, cell, `${path}.`);
    }
  };
  visit(notebook.cells, null, "");
  return placed;
}

/** The cells a path names, whatever its case: one, none, or for `topic` all wordings of it. */
export function cellsNamed(notebook: Pick<Notebook, "cells">, path: string): PlacedCell[] {
  const folded = foldName(path);
  const all = cellsOf(notebook);
  const exact = all.filter((placed) => foldName(placed.path) === folded);
  if (exact.length > 0) return exact;
  return all.filter(
    ({ cell, path }) => cell.label !== null && foldName(path.slice(0, -cell.label.length - 1)) === folded,
  );
}
