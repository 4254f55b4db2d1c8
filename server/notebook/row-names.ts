import type { CellKind } from "./cell-kind.ts";
import type { Names } from "./graph-names.ts";
import type { ReadTarget, RowsForm } from "./graph-node.ts";
import { isListName } from "./list-names.ts";
import type { Cell, FrontMatter } from "./notebook.ts";
import type { Reference } from "./reference.ts";
import { columnOfList, itemOfTable } from "./sheet-errors.ts";
import { rowsReference } from "./sheet-scope.ts";
import type { CellError } from "./value.ts";

/** What the names of the current row mean in a sheet: of a table its columns, of a list its element. */
export interface RowNames {
  /** What a sheet goes over; null where what it names is not there, or nothing is. */
  formOf(sheet: Cell): RowsForm | null;
  /** What a name is of the current row; null where it is nothing of it. */
  targetOf(reference: Reference, sheet: Cell): ReadTarget | null;
  /** What is wrong with how the current row is read; null where nothing is, or only the rows can tell. */
  misread(reference: Reference, target: ReadTarget | null, sheet: Cell): CellError | null;
}

export function createRowNames(
  front: Pick<FrontMatter, "inputs">,
  { inputs, outer }: Pick<Names, "inputs" | "outer">,
  kinds: ReadonlyMap<string, CellKind>,
): RowNames {
  function formOf({ name, position, configuration: { values } }: Cell): RowsForm | null {
    const { rows } = values;
    if (Array.isArray(rows)) return "list";
    if (typeof rows !== "string") return null;
    const reference = rowsReference(rows, position);
    if (reference === null) return "list";
    const input = front.inputs.find((one) => one.name === reference.name);
    if (input !== undefined) return input.type === "table" ? "table" : "list";
    const [cell] = outer.get(reference.name) ?? [];
    if (cell === undefined || cell.name === name) return null;
    if (cell.kind === "sheet") return "table";
    const kind = kinds.get(cell.kind);
    if (kind === undefined) return null;
    return kind.valueType?.(cell).type === "table" ? "table" : "list";
  }

  return {
    formOf,
    targetOf({ name, path, formula }, sheet) {
      if (name === "row") return { type: "row", column: path[0] ?? "" };
      const isElement = isListName(name) && formula !== "parameter" && formOf(sheet) !== "table";
      return isElement ? { type: "row", column: name } : null;
    },
    misread(reference, target, sheet) {
      const { name, tolerant, mayBeOther } = reference;
      if (target === null)
        return isListName(name) && formOf(sheet) === "table" ? itemOfTable(sheet.name, reference) : null;
      const isLacking = target.type === "row" && !isListName(target.column) && !tolerant && !mayBeOther;
      if (!isLacking || formOf(sheet) !== "list") return null;
      return columnOfList(sheet.name, target.column, reference, inputs.has(name) || outer.has(name));
    },
  };
}
