import { cellsNamed } from "#server/notebook/cells-of.ts";
import { foldName } from "#server/notebook/names.ts";
import type { Notebook } from "#server/notebook/notebook.ts";
import type { Operation } from "#server/notebook/operation.ts";

/** A cell's or an input's name before and after. */
export interface CellRename {
  readonly cell: string;
  readonly to: string;
}

/** The names that operations give to cells and inputs of a notebook as it is before them. */
export function renamesOf(operations: readonly Operation[], notebook: Notebook): readonly CellRename[] {
  return operations.flatMap((operation) => {
    if (operation.type !== "rename") return [];
    const input = notebook.front.inputs.find(({ name }) => foldName(name) === foldName(operation.cell));
    const name = input?.name ?? cellsNamed(notebook, operation.cell)[0]?.cell.name;
    return name === undefined || name === operation.to ? [] : [{ cell: name, to: operation.to }];
  });
}
