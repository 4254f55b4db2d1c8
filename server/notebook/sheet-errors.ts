import type { RowsRead } from "./graph-node.ts";
import type { Reference } from "./reference.ts";
import type { CellError, Position } from "./value.ts";

/** The error of a sheet's `when` that reads its rows. */
export function conditionOnRow(sheet: string, { name, position }: Reference): CellError {
  return {
    code: "sheet.condition-on-row",
    message: `\`when\` of \`${sheet}\` reads \`${name}\`, and a sheet is computed or skipped as a whole`,
    cure: "Write `when` in a cell of the sheet: there it is decided for each row.",
    position,
  };
}

/** The error of a field `rows` that reads the rows it is to give. */
export function rowsOnRow(sheet: string, { name, position }: Reference): CellError {
  return {
    code: "sheet.rows-on-row",
    message: `\`rows\` of \`${sheet}\` reads \`${name}\`, and there are no rows before it says which`,
    cure: "Read a cell or an input.",
    position,
  };
}

/** The error of `item` or `index` where the rows are a table's. */
export function itemOfTable(sheet: string, { name, path, position }: Reference): CellError {
  return {
    code: "sheet.item-of-table",
    message: `\`${name}\` is read, and the rows of \`${sheet}\` are those of a table, which have columns`,
    cure: `Name the column: \`row.${path[0] ?? "NAME"}\`.`,
    position,
  };
}

/** The error of a column of the row where the rows are the elements of a list. `isOutside`: there is an input or a cell of that name. */
export function columnOfList(
  sheet: string,
  column: string,
  { formula, position }: Reference,
  isOutside: boolean,
): CellError {
  const element = column === "" ? "item" : `item.${column}`;
  return {
    code: "sheet.column-of-list",
    message: `the rows of \`${sheet}\` are the elements of a list, which have no column${column === "" ? "s" : ` \`${column}\``}`,
    cure:
      formula === "column" && isOutside
        ? `What stands outside the sheet is \`$${column}\` in a formula.`
        : `The element is \`item\`: write \`${element}\`. Its number, from 0, is \`index\`.`,
    position,
  };
}

/** The error of rows that would be an input or a cell of another type. */
export function rowsOfNoTable(
  sheet: string,
  { type: read, reference: { name, position } }: RowsRead,
  type: string,
): CellError {
  return {
    code: "sheet.rows-of-no-table",
    message: `the ${read === "input" ? "input" : "cell"} \`${name}\` is a ${type}, and the rows of \`${sheet}\` are a table or a list`,
    cure:
      read === "input"
        ? `Make it one: \`${name}: table\`, or \`${name}: json\`.`
        : "Name one that gives a table or a list: a query, code, or a prompt with a `schema` of type array.",
    position,
  };
}

/** The error of a sheet that says nothing of its rows. */
export function noRows(sheet: string): CellError {
  return {
    code: "sheet.no-rows",
    message: `the sheet \`${sheet}\` has no rows`,
    cure: "Name the cell whose table or list gives them, `rows: tickets`, or write a list: `rows: [red, green]`.",
  };
}

/** The error of a column that is the same in every row. */
export function sameInEveryRow(sheet: string, column: string, position: Position): CellError {
  return {
    code: "sheet.same-in-every-row",
    message: `\`${column}\` does not depend on the rows of \`${sheet}\`, so it is no column`,
    cure: "Bind an input it reads under `with:`, or take it out of `columns`.",
    position,
  };
}
