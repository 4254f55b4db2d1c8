import { parseAddress } from "#server/notebook/address.ts";
import type { CellError } from "#server/notebook/value.ts";
import type { CellView, NodeView, NotebookView } from "#server/workbench/view.ts";

/** What is wrong with a cell as it is written, so that nothing new can come of it; null where nothing is. The first stands for all. */
export function mistakeIn({ diagnostics }: Pick<CellView, "diagnostics">): CellError | null {
  return diagnostics.find(({ severity }) => severity === "error") ?? null;
}

/** The same of the wording that an address of a node is of; without an address that of the first that has one. */
export function mistakeOf(
  { cells: paths }: Pick<NodeView, "cells">,
  cells: NotebookView["cells"],
  address?: string,
): CellError | null {
  const label = address === undefined ? undefined : parseAddress(address).at["prompt"];
  for (const path of paths) {
    const cell = cells[path];
    const isOther = label !== undefined && cell?.label != null && cell.label !== label;
    const mistake = cell === undefined || isOther ? null : mistakeIn(cell);
    if (mistake !== null) return mistake;
  }
  return null;
}
