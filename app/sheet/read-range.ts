import type { Datum, Value } from "#server/notebook/value.ts";
import { toValue } from "#server/notebook/value.ts";
import type { SheetCell } from "#server/runner/sheet-rows.ts";
import { cellText, fieldOf, foldedText, valueOfFields } from "./cell-look";
import type { CellColumn, GridColumn } from "./columns";
import type { GridRange } from "./grid/selection";
import type { SheetModel } from "./sheet-model";
import type { GridRow } from "./sheet-rows-signal";

/** The most cells that are copied, or added up, at once. */
export const mostCells = 200_000;
const pageRows = 1_000;

/** The rows of a range: those at hand, or all of them from the server. */
export async function rowsOfRange(
  { rows, api, view, columns }: SheetModel,
  range: GridRange,
  signal?: AbortSignal,
): Promise<readonly GridRow[]> {
  const found: (GridRow | undefined)[] = [];
  for (let row = range.top; row <= range.bottom; row += 1) found.push(rows.row(row));
  if (!found.includes(undefined)) return found as GridRow[];
  const wanted = columns().slice(range.left, range.right + 1);
  const names = wanted.flatMap((column) => (column.type === "row" ? [column.name] : []));
  const cells = [...new Set(wanted.flatMap((column) => (column.type === "cell" ? [column.cell] : [])))];
  const all: GridRow[] = [];
  for (let from = range.top; from <= range.bottom; from += pageRows) {
    const to = Math.min(from + pageRows, range.bottom + 1);
    const page = await api.rows({ view: view(), from, to, columns: names, cells }, signal);
    for (const row of page?.rows ?? [])
      all.push({ ...row, values: Object.fromEntries(names.map((name, index) => [name, row.columns[index] ?? null])) });
  }
  return all;
}

/** The texts of a range as they are copied: whole, and as they can be pasted again. */
export async function textsOfRange(model: SheetModel, range: GridRange): Promise<readonly (readonly string[])[]> {
  const columns = model.columns().slice(range.left, range.right + 1);
  const rows = await rowsOfRange(model, range);
  return Promise.all(rows.map((row) => Promise.all(columns.map((column) => textAt(model, row, column)))));
}

/** The text of a cell, at once where all of it is at hand. */
export function textNow(row: GridRow, column: GridColumn): string | null {
  if (column.type === "row")
    return row.lengths[column.name] === undefined ? plainText(toValue(row.values[column.name] ?? null)) : null;
  const cells = cellsOf(row, column);
  if (cells.some((cell) => cell.length !== null)) return null;
  const texts = cells.map(({ value }) => (value === null ? "" : plainText(value, column.field)));
  return texts.length > 1 ? foldedText(texts) : (texts[0] ?? "");
}

async function textAt(model: SheetModel, row: GridRow, column: GridColumn): Promise<string> {
  const known = textNow(row, column);
  if (known !== null) return known;
  const value = await model.value(row, column);
  return value === null ? "" : plainText(value, column.type === "cell" ? column.field : null);
}

function cellsOf(row: GridRow, { cell, places }: CellColumn): readonly SheetCell[] {
  return places.flatMap((place) => row.cells[cell]?.[place] ?? []);
}

/** A value as the text people copy and edit: nothing of it is cut, and what is no text is JSON. */
export function plainText(value: Value, field: string | null = null): string {
  switch (value.type) {
    case "string":
      return value.value;
    case "number":
      return String(value.value);
    case "boolean":
      return value.value ? "TRUE" : "FALSE";
    case "json":
      return plainDatum(field === null ? value.value : fieldOf(value.value, field));
    case "messages":
      return value.value.map(({ role, content }) => `${role}:\n${content}`).join("\n\n");
    case "score":
      return value.value.score === null ? "" : String(value.value.score);
    case "table":
      return value.value.rows === undefined ? cellText(value) : JSON.stringify(recordsOf(value.value));
    case "null":
    case "file":
    case "image":
    case "chart":
    case "test":
    case "error":
      return cellText(value);
  }
}

function recordsOf({ columns, rows = [] }: Extract<Value, { readonly type: "table" }>["value"]): readonly Datum[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
}

function plainDatum(datum: Datum): string {
  if (datum === null) return "";
  if (typeof datum === "boolean") return datum ? "TRUE" : "FALSE";
  return typeof datum === "object" ? JSON.stringify(datum) : String(datum);
}

/** Numbers of a range, for its sum and mean: truths and verdicts count as 1 and 0. */
export function numberAt(row: GridRow, column: GridColumn): number | null {
  if (column.type === "row") return numberOf(row.values[column.name] ?? null);
  const values = cellsOf(row, column).map((cell) => (column.field === null ? cell.value : valueOfFields(cell)));
  if (values.length !== 1) return null;
  const [value] = values;
  switch (value?.type) {
    case "number":
    case "boolean":
      return Number(value.value);
    case "score":
      return value.value.score;
    case "json":
      return numberOf(column.field === null ? value.value : fieldOf(value.value, column.field));
    default:
      return null;
  }
}

function numberOf(datum: Datum): number | null {
  return typeof datum === "number" || typeof datum === "bigint" || typeof datum === "boolean" ? Number(datum) : null;
}
