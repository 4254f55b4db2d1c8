import type { Datum, Value } from "#server/notebook/value.ts";
import { toValue } from "#server/notebook/value.ts";
import type { SheetCell } from "#server/runner/sheet-rows.ts";
import { cellText, fieldOf, foldedText, valueOfFields } from "./cell-look";
import type { CellColumn, GridColumn } from "./columns";
import type { GridRange } from "./grid/selection";
import { checkCount } from "./keep-notes";
import { refusal } from "./refusal";
import type { SheetModel } from "./sheet-model";
import type { GridRow } from "./sheet-rows-signal";

/** The most cells that are copied, or added up, at once. */
export const mostCells = 200_000;
const pageRows = 1_000;

/** The rows of a range as they are now: those at hand, or all of them from the server. */
export async function rowsOfRange(
  model: SheetModel,
  range: GridRange,
  signal?: AbortSignal,
): Promise<readonly GridRow[]> {
  return rowsNow(model, range) ?? (await readRows(model, range, signal)).rows;
}

/**
 * The rows of a range that is selected. Throws `sheet.moved` where other rows stand there than those that are shown, and
 * `sheet.too-many`.
 */
export async function selectedRows(model: SheetModel, range: GridRange): Promise<readonly GridRow[]> {
  checkCount(range.bottom - range.top + 1, "rows");
  const now = rowsNow(model, range);
  if (now !== null) return now;
  const shown = model.rows.order();
  const { order, rows } = await readRows(model, range);
  if (shown === null || order === shown) return rows;
  model.rows.changed();
  throw refusal({
    code: "sheet.moved",
    message: "other rows stand where those were that are selected",
    cure: "Select them where they are now, and do it again.",
  });
}

/** Null where one is not at hand, or was read before the last change. */
function rowsNow({ rows }: SheetModel, range: GridRange): readonly GridRow[] | null {
  const found: GridRow[] = [];
  for (let index = range.top; index <= range.bottom; index += 1) {
    const row = rows.isNow(index) ? rows.row(index) : undefined;
    if (row === undefined) return null;
    found.push(row);
  }
  return found;
}

/** Rows from the server, all of one order, and which that is: the one that is shown as long as the server knows it. */
async function readRows(
  { rows, api, view, columns }: SheetModel,
  range: GridRange,
  signal?: AbortSignal,
): Promise<{ readonly order: string | null; readonly rows: readonly GridRow[] }> {
  const wanted = columns().slice(range.left, range.right + 1);
  const names = wanted.flatMap((column) => (column.type === "row" ? [column.name] : []));
  const cells = [...new Set(wanted.flatMap((column) => (column.type === "cell" ? [column.cell] : [])))];
  const asked = { view: view(), columns: names, cells };
  const all: GridRow[] = [];
  let order = rows.order();
  let from = range.top;
  while (from <= range.bottom) {
    const to = Math.min(from + pageRows, range.bottom + 1);
    const page = await api.rows({ ...asked, from, to, ...(order === null ? {} : { order }) }, signal);
    if (page === null) break;
    const isOther = page.order !== order;
    order = page.order;
    if (isOther && all.length > 0) {
      all.length = 0;
      from = range.top;
      continue;
    }
    for (const row of page.rows)
      all.push({ ...row, values: Object.fromEntries(names.map((name, index) => [name, row.columns[index] ?? null])) });
    from = to;
  }
  return { order, rows: all };
}

/** The texts of a range as they are copied: whole, and as they can be pasted again. */
export async function textsOfRange(model: SheetModel, range: GridRange): Promise<readonly (readonly string[])[]> {
  const columns = model.columns().slice(range.left, range.right + 1);
  const rows = await selectedRows(model, range);
  return Promise.all(rows.map((row) => Promise.all(columns.map((column) => textAt(model, row, column)))));
}

/** The text of a cell, at once where all of it is at hand. */
export function textNow(row: GridRow, column: GridColumn): string | null {
  if (column.type === "row")
    return row.lengths[column.name] === undefined ? plainText(toValue(row.values[column.name] ?? null)) : null;
  const cells = cellsOf(row, column);
  if (cells.some((cell) => cell.length !== null)) return null;
  return joined(
    cells.map(({ value }) => value),
    column,
  );
}

/** The text of a cell, whole. */
export async function textAt(model: SheetModel, row: GridRow, column: GridColumn): Promise<string> {
  const known = textNow(row, column);
  if (known !== null) return known;
  if (column.type === "row") return plainText((await model.value(row, column)) ?? { type: "null" });
  const there = column.places.filter((place) => row.cells[column.cell]?.[place] != null);
  const values = await Promise.all(there.map((place) => model.value(row, { ...column, places: [place] })));
  return joined(values, column);
}

function joined(values: readonly (Value | null)[], { field }: CellColumn): string {
  const texts = values.map((value) => (value === null ? "" : plainText(value, field)));
  return texts.length > 1 ? foldedText(texts) : (texts[0] ?? "");
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
