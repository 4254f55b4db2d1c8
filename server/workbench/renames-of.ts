import { cellsNamed } from "#server/notebook/cells-of.ts";
import type { Notebook } from "#server/notebook/notebook.ts";
import type { Operation } from "#server/notebook/operation.ts";

/** A cell's name before and after. */
export interface CellRename {
  readonly cell: string;
  readonly to: string;
}

/** The names that operations give to cells of a notebook as it is before them. */
export function renamesOf(operations: readonly Operation[], notebook: Notebook): readonly CellRename[] {
  return operations.flatMap((operation) => {
    if (operation.type !== "rename") return [];
    const name = cellsNamed(notebook, operation.cell)[0]?.cell.name;
    return name === undefined || name === operation.to ? [] : [{ cell: name, to: operation.to }];
  });
}
