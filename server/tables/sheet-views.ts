import type { Coordinates } from "#server/notebook/address.ts";
import type { CallSums } from "#server/notebook/call-sums.ts";
import type { ColumnRef, SheetView } from "#server/notebook/sheet-view.ts";
import type { CellError, Datum, Value } from "#server/notebook/value.ts";
import type { NodeSpec, Outcome, RowState } from "./sheet-store.ts";

/**
 * What a screen shows of a sheet: its rows by pages, filtered and sorted, and figures of its columns. A view's rows are put
 * in order once and read by ranges, in any process's memory but the server's.
 */
export interface SheetViews {
  /**
   * Rows `from … to` of a view. Throws `sheet.column`, `sheet.node` or `sheet.axis` where it names what the sheet has not. What
   * is read stops when `signal` aborts; the order, which other pages need, does not.
   */
  viewPage(
    call: ViewCall & ViewOrder & { from: number; to: number; columns: readonly string[]; cells: readonly string[] },
    options?: { readonly signal?: AbortSignal },
  ): Promise<ViewPage>;
  /** The identities of rows `from … to` of a view, in its order. */
  viewRows(call: ViewCall & ViewOrder & { from: number; to: number }): Promise<ViewRows>;
  /** Figures of a column over the rows of a view as they are now. */
  columnFigures(
    call: ViewCall & {
      column: ColumnRef;
      /** Results whose calls tell clusters: rows at which all of them have the same calls are one. Null where clusters are not asked for. */
      answers: readonly CellPlace[] | null;
    },
  ): Promise<ColumnFigures>;
  /** Figures of two variants of a node over the rows of a view where both are settled and a number. */
  pairFigures(
    call: ViewCall & { node: string; first: Coordinates; second: Coordinates; answers: readonly CellPlace[] },
  ): Promise<PairFigures>;
  /** Writes the rows of a view to a file, as they are now, and says how many there are. */
  exportView(call: ViewCall & { format: ExportFormat; path: string }): Promise<number>;
}

export interface ViewCall {
  readonly frame: string;
  readonly nodes: readonly NodeSpec[];
  /** The nodes that are shown: their answers are searched and exported. */
  readonly shown: readonly string[];
  readonly view: SheetView;
}

/** How a view's rows keep their order while results change. */
export interface ViewOrder {
  /** They keep it, however long ago the last change was: a run is on. */
  readonly hold: boolean;
  /** They are put in order anew where anything has changed. */
  readonly fresh: boolean;
  /** The order that is shown, as `ViewRows` has it: its rows keep it as long as it is known. Null where none is. */
  readonly order: string | null;
}

export interface ViewRows {
  /** How many rows the view has. */
  readonly total: number;
  /** Whether its rows and their order are those of before a change that may matter. */
  readonly outdated: boolean;
  /** Which order they are of: only pages of one order are parts of one list. */
  readonly order: string;
  readonly rows: readonly string[];
}

export interface ViewPage extends ViewRows {
  /** The rows' places in the sheet, from 0. */
  readonly ordinals: readonly number[];
  /** A list for each column asked for; a text of more than 500 characters is cut. */
  readonly columns: readonly (readonly Datum[])[];
  /** The whole lengths of texts that are cut, a list for each column; null where nothing is cut at all. */
  readonly lengths: readonly (readonly (number | null)[] | null)[];
  /** For each node asked for, a list a row with a cell a variant; null where it never ran and nobody has put a value there. */
  readonly cells: { readonly [node: string]: readonly (readonly (PageCell | null)[])[] };
}

export interface PageCell extends Pick<RowState, "freshness" | "because" | "storedKey"> {
  /** What its calls came to; null where a person's value stands. */
  readonly sums: CallSums | null;
  readonly outcome: Outcome;
  readonly value: Value | null;
  /** The whole length in characters of a text that is cut; see `short-value.ts`. */
  readonly length: number | null;
  /** Of an object that is cut, its fields, each in short. */
  readonly fields?: { readonly [name: string]: Datum };
  readonly error: CellError | null;
  readonly override: "locked" | "edited" | null;
}

/** A node at one of its variants. */
export interface CellPlace {
  readonly node: string;
  readonly at: Coordinates;
}

export interface ColumnFigures {
  /** Rows of the view × variants of the column. */
  readonly addresses: number;
  /** Of them those that are current, locked or edited; all of them in a column of the rows. */
  readonly settled: number;
  readonly errors: number;
  readonly skipped: number;
  /** Settled without error, and yet no value. */
  readonly empty: number;
  /** Settled values; the figures below are theirs. */
  readonly count: number;
  readonly distinct: number;
  /** The most frequent, at most eight. */
  readonly top: readonly { readonly value: Datum; readonly count: number }[];
  /** Values that are numbers, or truths as 1 and 0; of them only finite ones. Null where there is none. */
  readonly numbers: {
    readonly n: number;
    readonly sum: number;
    readonly mean: number;
    readonly min: number;
    readonly max: number;
    /** Twenty ranges of equal width from least to greatest; a single one where all are equal. */
    readonly bins: readonly number[];
    /** How many of them are 1, and how many 0. */
    readonly ones: number;
    readonly zeros: number;
  } | null;
  /** How many clusters they come in, and the sum over clusters of the squares of what their values are above the mean. */
  readonly clusters: { readonly count: number; readonly squares: number } | null;
}

export interface PairFigures {
  /** Rows of the view. */
  readonly rows: number;
  /** Rows where both variants have a number. */
  readonly n: number;
  readonly first: number | null;
  readonly second: number | null;
  /** The mean of the first less the second, with its clusters as in `ColumnFigures`. */
  readonly difference: number | null;
  readonly clusters: { readonly count: number; readonly squares: number };
  /** Where all numbers are 1 or 0: rows at which only one of them is 1. */
  readonly verdicts: { readonly onlyFirst: number; readonly onlySecond: number } | null;
}

export type ExportFormat = "csv" | "json" | "jsonl" | "parquet";
