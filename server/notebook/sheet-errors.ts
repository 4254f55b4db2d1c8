import type { Reference } from "./reference.ts";
import type { CellError, Position } from "./value.ts";

/** The error of a sheet's `when` that reads its rows. */
export function conditionOnRow(sheet: string, { position }: Reference): CellError {
  return {
    code: "sheet.condition-on-row",
    message: `\`when\` of \`${sheet}\` reads \`row\`, and a sheet is computed or skipped as a whole`,
    cure: "Write `when` in a cell of the sheet: there it is decided for each row.",
    position,
  };
}

/** The error of rows that would be an input of another type. */
export function rowsOfNoTable(sheet: string, { name, position }: Reference, type: string): CellError {
  return {
    code: "sheet.rows-of-no-table",
    message: `the input \`${name}\` is a ${type}, and the rows of \`${sheet}\` are a table`,
    cure: `Make it one: \`${name}: table\`.`,
    position,
  };
}

/** The error of a field `rows` that names nothing, but computes it. */
export function rowsComputed(sheet: string, position: Position): CellError {
  return {
    code: "sheet.rows-computed",
    message: `\`rows\` of \`${sheet}\` computes something`,
    cure: "Name a cell, or a column of another sheet: `rows: triage.topic`. SQL makes a cell of anything else.",
    position,
  };
}

/** The error of a sheet that says nothing of its rows. */
export function noRows(sheet: string): CellError {
  return {
    code: "sheet.no-rows",
    message: `the sheet \`${sheet}\` has no rows`,
    cure: "Name the cell whose table gives them: `rows: tickets`.",
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
