import type { Cell } from "./notebook.ts";

/** What gives the rows of a sheet, in words, where they are a list that names nothing. */
export const writtenRows = "a list";

/** The part of a sheet that computes its rows, as a cell of its own: a list that stands in `rows`, or what its expression comes to. */
export function computedRows(sheet: Cell): Cell {
  const { values, positions } = sheet.configuration;
  const { rows } = values;
  // A path is an expression without its sign.
  const isPath = typeof rows === "string" && !rows.startsWith("=");
  const place = positions["rows"];
  return {
    ...sheet,
    kind: "rows",
    form: { body: "none", names: [] },
    source: "",
    cells: [],
    configuration: {
      values: { rows: isPath ? `=${rows}` : rows! },
      positions: isPath && place !== undefined ? { ...positions, "expression:rows": place } : positions,
    },
  };
}
