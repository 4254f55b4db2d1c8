import type { CellView, NotebookView } from "#server/workbench/view.ts";

/** The cell that has a cell's settings: the first of its wordings, which share them. */
export function settingsCell({ cells, nodes }: Pick<NotebookView, "cells" | "nodes">, cell: CellView): CellView {
  const [first] = cell.label === null || cell.node === null ? [] : (nodes[cell.node]?.cells ?? []);
  return (first === undefined ? undefined : cells[first]) ?? cell;
}
