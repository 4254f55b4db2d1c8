import type { CellState, Operand, ViewFilter } from "#server/notebook/sheet-view.ts";
import type { Datum } from "#server/notebook/value.ts";
import { sameJson } from "../ui/same-json";
import { columnRef, type GridColumn } from "./columns";

/** Conditions a filter can have, in words, in the order they are offered. */
export const conditions = {
  is: "is",
  "is-not": "is not",
  "one-of": "is one of",
  contains: "contains",
  less: "is less than",
  greater: "is greater than",
  between: "is between",
  empty: "is empty",
  "not-empty": "is not empty",
  never: "never ran",
  failed: "failed",
  stale: "is stale",
  current: "is current",
  edited: "is edited by hand",
  locked: "is locked",
  "from-cache": "is from cache",
  differs: "differs between variants",
} as const;

export type Condition = keyof typeof conditions;

/** A filter as it is being put together. */
export interface FilterDraft {
  /** The chosen column's id; empty for that of a filter that is changed and is of no column, as of all variants of a cell. */
  readonly column: string;
  readonly condition: Condition;
  readonly value: string;
  /** The other end, of `is between`. */
  readonly to: string;
  /** The filter that is changed, while its column is the same; null for a new one. */
  readonly was: ViewFilter | null;
}

const states: readonly string[] = ["never", "failed", "stale", "current", "edited", "locked", "from-cache"];

/** What can be asked of a column. */
export function conditionsOf(column: GridColumn): readonly Condition[] {
  const values: readonly Condition[] = column.numeric
    ? ["is", "is-not", "less", "greater", "between", "empty", "not-empty"]
    : ["is", "is-not", "one-of", "contains", "less", "greater", "empty", "not-empty"];
  if (column.type === "row" || column.kind === "label") return values;
  const differs: readonly Condition[] = column.label === "" || column.field !== null ? [] : ["differs"];
  return [...values, ...(states as readonly Condition[]), ...differs];
}

/** How many values a condition takes. */
export function operandsOf(condition: Condition): 0 | 1 | 2 {
  if (condition === "between") return 2;
  return condition === "empty" || condition === "not-empty" || condition === "differs" || states.includes(condition)
    ? 0
    : 1;
}

/** The column that is asked: the chosen one, or for a filter of no column the one most like it. */
export function columnOf({ column, was }: FilterDraft, columns: readonly GridColumn[]): GridColumn | undefined {
  if (column !== "" || was === null) return columns.find(({ id }) => id === column);
  const { column: ref } = was;
  const like = (each: GridColumn): boolean => each.type === "cell" && ref.type === "cell" && each.cell === ref.cell;
  return columns.find(like) ?? columns[0];
}

/** The filter a draft is; null while something of it is missing. A text that is one of `offered` as it is written, or of the filter that is changed, is that value. */
export function filterOf(
  draft: FilterDraft,
  columns: readonly GridColumn[],
  offered: readonly Operand[],
): ViewFilter | null {
  const column = columnOf(draft, columns);
  if (column === undefined) return null;
  const { condition, value, to, was } = draft;
  const ref = was?.column ?? columnRef(column);
  const known = [...operandsIn(was), ...offered];
  const operand = (text: string): Operand => known.find((each) => written(each) === text) ?? typed(column, text);
  const bound = (text: string): number | string => {
    const found = operandsIn(was).find((each) => written(each) === text);
    return typeof found === "number" || typeof found === "string" ? found : boundOf(column, text);
  };
  switch (condition) {
    case "is":
    case "is-not":
      return { type: condition, column: ref, value: operand(value) };
    case "one-of": {
      const values = listed(value).map(operand);
      return values.length === 0 ? null : { type: "one-of", column: ref, values };
    }
    case "contains":
      return value === "" ? null : { type: "contains", column: ref, text: value };
    case "less":
    case "greater":
      return value.trim() === "" ? null : { type: condition, column: ref, than: bound(value) };
    case "between":
      if (value.trim() === "" || to.trim() === "") return null;
      return { type: "between", column: ref, from: bound(value), to: bound(to) };
    case "empty":
    case "not-empty":
      return { type: condition, column: ref };
    case "differs":
      if (was?.type === "differs") return was;
      return ref.type === "row" ? null : { type: "differs", column: { ...ref, at: {} } };
    default:
      return ref.type === "row" ? null : { type: "state", column: ref, state: condition satisfies CellState };
  }
}

/** The draft a filter came from, to change it. */
export function draftOf(filter: ViewFilter, columns: readonly GridColumn[]): FilterDraft {
  const column = columns.find((each) => sameJson(columnRef(each), filter.column));
  const draft = { column: column?.id ?? "", value: "", to: "", was: filter };
  switch (filter.type) {
    case "is":
    case "is-not":
      return { ...draft, condition: filter.type, value: written(filter.value) };
    case "one-of":
      return { ...draft, condition: "one-of", value: filter.values.map((each) => inList(written(each))).join(", ") };
    case "contains":
      return { ...draft, condition: "contains", value: filter.text };
    case "less":
    case "greater":
      return { ...draft, condition: filter.type, value: written(filter.than) };
    case "between":
      return { ...draft, condition: "between", value: written(filter.from), to: written(filter.to) };
    case "empty":
    case "not-empty":
    case "differs":
      return { ...draft, condition: filter.type };
    case "state":
      return { ...draft, condition: filter.state };
  }
}

/** The most characters of a text that is offered. */
const mostOffered = 80;

/** A value as a field of a condition takes it; null where none can: several lines, or too long a text. */
export function offeredText(value: Operand, condition: Condition): string | null {
  const text = written(value);
  if (text.length >= mostOffered || /[\r\n]/.test(text)) return null;
  return condition === "one-of" ? inList(text) : text;
}

/** Texts of more characters are cut on their way to a page. */
const mostWhole = 500;

/** What a value of a table can be compared as; null where it cannot, or may be the beginning of a longer one. */
export function operandOf(value: Datum): Operand | null {
  if (value === null || typeof value === "object") return null;
  return typeof value === "string" && value.length >= mostWhole ? null : value;
}

function operandsIn(filter: ViewFilter | null): readonly Operand[] {
  switch (filter?.type) {
    case "is":
    case "is-not":
      return [filter.value];
    case "one-of":
      return filter.values;
    case "less":
    case "greater":
      return [filter.than];
    case "between":
      return [filter.from, filter.to];
    default:
      return [];
  }
}

function written(value: Operand): string {
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}

/** A text as one of a list with commas between: in quotes where it would be read as another. */
function inList(text: string): string {
  return /^$|,|^[\s"]|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The texts of a list with commas between. */
function listed(text: string): readonly string[] {
  const parts = text.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?:,|$)/g);
  return [...parts].flatMap(([, quoted, plain = ""]) =>
    quoted !== undefined ? [quoted.replaceAll('""', '"')] : plain.trim() === "" ? [] : [plain.trim()],
  );
}

/** A text as the column's values are: a number of numbers, a truth of truths and scores. */
function typed(column: GridColumn, text: string): Operand {
  const trimmed = text.trim();
  const isTruth =
    column.type === "row" ? column.word === "boolean" : column.kind === "score" || column.entry === "boolean";
  if (isTruth && /^(?:yes|no|true|false)$/i.test(trimmed)) return /^(?:yes|true)$/i.test(trimmed);
  if ((column.numeric || (column.type === "cell" && column.kind === "score")) && isNumber(trimmed))
    return isExact(trimmed) ? Number(trimmed) : trimmed;
  return text;
}

function boundOf(column: GridColumn, text: string): number | string {
  const isText = column.type === "row" && column.word === "string";
  return !isText && isNumber(text.trim()) ? Number(text) : text;
}

function isNumber(text: string): boolean {
  return text !== "" && Number.isFinite(Number(text));
}

/** An integer beyond 2^53 is told from those beside it as a text alone. */
function isExact(text: string): boolean {
  return !/^[+-]?\d+$/.test(text) || Number.isSafeInteger(Number(text));
}
