import type { Coordinates } from "./address.ts";

/** A column of a sheet: of its rows, or the results of one of its cells. */
export type ColumnRef = { readonly type: "row"; readonly column: string } | CellRef;

/** Results of a cell of a sheet, by its name there, or a field of them: those at every variant that agrees with `at`. */
export interface CellRef {
  readonly type: "cell";
  readonly cell: string;
  readonly at: Coordinates;
  readonly field?: string;
}

/** What of a sheet is looked at, and in which order: the rows for which all filters hold and where the text is found. */
export interface SheetView {
  readonly filters: readonly ViewFilter[];
  /** The first column decides; where rows are equal in all, they stay in the sheet's own order. */
  readonly sort: readonly { readonly column: ColumnRef; readonly descending: boolean }[];
  /** Text that is anywhere in the row's columns or in an answer that is shown, whatever its case; empty for no search. */
  readonly search: string;
}

/** The most rows of a view that one run goes over: it is given their identities. */
export const mostRowsOfView = 10_000;

export const wholeSheet: SheetView = { filters: [], sort: [], search: "" };

/** What a value is compared with: a truth (of a score, whether it passes), a number, a text. */
export type Operand = boolean | number | bigint | string;

/**
 * A condition on rows, about what is shown, fresh or not: after an edit of the prompt the failures are still found. Of several
 * variants it holds where one of them fulfils it; what says `not` is the opposite of what does not, so none of them may.
 */
export type ViewFilter =
  | { readonly type: "is" | "is-not"; readonly column: ColumnRef; readonly value: Operand }
  | { readonly type: "one-of"; readonly column: ColumnRef; readonly values: readonly Operand[] }
  | { readonly type: "contains"; readonly column: ColumnRef; readonly text: string }
  | { readonly type: "less" | "greater"; readonly column: ColumnRef; readonly than: number | string }
  /** Both ends are within. */
  | {
      readonly type: "between";
      readonly column: ColumnRef;
      readonly from: number | string;
      readonly to: number | string;
    }
  /** No value, null, the empty text, or a score that could not be given. */
  | { readonly type: "empty" | "not-empty"; readonly column: ColumnRef }
  | { readonly type: "state"; readonly column: CellRef; readonly state: CellState }
  /**
   * Answers of a cell differ, of a score its verdicts: among the variants named, else among all that agree with the column.
   * Where those named leave an axis open, they are compared at each of its labels. What has no answer differs from nothing.
   */
  | { readonly type: "differs"; readonly column: CellRef; readonly among?: readonly Coordinates[] };

/** How a result stands: `failed` is an error, fresh or not; `from-cache` where every call had its answer in the journal. */
export type CellState = "never" | "stale" | "failed" | "current" | "locked" | "edited" | "from-cache";

/** A filter in words: `topic is card_arrival`, `correct is no`, `topic [small] is stale`. */
export function filterText(filter: ViewFilter): string {
  const name = columnText(filter.column);
  switch (filter.type) {
    case "is":
      return `${name} is ${operandText(filter.value)}`;
    case "is-not":
      return `${name} is not ${operandText(filter.value)}`;
    case "one-of":
      return `${name} is ${filter.values.length > 1 ? "one of " : ""}${list(filter.values.map(operandText), "or")}`;
    case "contains":
      return `${name} contains “${filter.text}”`;
    case "less":
      return `${name} is less than ${filter.than}`;
    case "greater":
      return `${name} is greater than ${filter.than}`;
    case "between":
      return `${name} is between ${filter.from} and ${filter.to}`;
    case "empty":
      return `${name} is empty`;
    case "not-empty":
      return `${name} is not empty`;
    case "state":
      return `${name} ${stateText[filter.state]}`;
    case "differs":
      return differsText(filter.column, filter.among ?? []);
  }
}

const stateText: { readonly [state in CellState]: string } = {
  never: "never ran",
  stale: "is stale",
  failed: "failed",
  current: "is current",
  locked: "is locked",
  edited: "is edited by hand",
  "from-cache": "is from cache",
};

/** A column's name: `text`, `topic`, `invoice.total`, and with the labels it is at, `topic [small, 5]`. */
export function columnText(column: ColumnRef): string {
  if (column.type === "row") return column.column;
  const { cell, field, at } = column;
  const labels = Object.values(at);
  return `${cell}${field === undefined ? "" : `.${field}`}${labels.length === 0 ? "" : ` [${labels.join(", ")}]`}`;
}

function differsText(column: CellRef, among: readonly Coordinates[]): string {
  // What the variants have in common is said once, with the column.
  const [first = {}] = among;
  const common = Object.entries(first).filter(([axis, label]) => among.every((at) => at[axis] === label));
  const name = columnText({ ...column, at: { ...column.at, ...(among.length > 1 ? Object.fromEntries(common) : {}) } });
  const labels = among.map((at) =>
    Object.entries(at)
      .filter(([axis]) => !common.some(([same]) => same === axis))
      .map(([, label]) => label)
      .join(" "),
  );
  return labels.length < 2 ? `${name} differs` : `${name} differs between ${list(labels, "and")}`;
}

function operandText(value: Operand): string {
  return typeof value === "boolean" ? (value ? "yes" : "no") : value === "" ? "“”" : String(value);
}

function list(words: readonly string[], last: "and" | "or"): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
