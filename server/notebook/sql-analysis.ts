import type { Position } from "./value.ts";

/**
 * What DuckDB's parser says of one SQL text, as data for the graph: it is found in another process and memoised by source.
 * Offsets are UTF-16 code units in the analysed text.
 */
export type SqlAnalysis =
  | {
      readonly ok: true;
      /** Every table the statement reads that it does not itself define, once a place: `["triage", "correct"]`, `["banking77/train.csv"]`. */
      readonly tables: readonly SqlName[];
      /** Columns named through a table, `tickets.text`, where `tickets` is that table and no alias: for rename. */
      readonly qualifiers: readonly SqlName[];
      /** Names the statement gives itself: common table expressions, tables' aliases, what a lambda takes. For rename. */
      readonly defines: readonly string[];
      /** Every `$name`. */
      readonly parameters: readonly SqlName[];
      /** Every column named, for formulas and for what a sheet reads. */
      readonly columns: readonly SqlColumn[];
      /** Columns that are named where the parser tells no place, as in `using (a)` and `* exclude (a)`. */
      readonly unplaced: readonly string[];
      /** Functions whose answer differs from run to run (`random`, `now`, …): they make the cell manual. */
      readonly volatile: readonly string[];
      /** True for an expression with a window function: what it comes to at a row hangs on all rows. */
      readonly overRows?: true;
    }
  | {
      readonly ok: false;
      readonly message: string;
      /** What to do, in a sentence. */
      readonly cure?: string;
      readonly position: Position;
      /** What the cell's text said while it last parsed: that stands. Its places are those of that text. */
      readonly lastGood?: SqlAnalysis & { readonly ok: true };
    };

/** A name as written: its parts without quotes, and the whole's place (with quotes). */
export interface SqlName {
  readonly parts: readonly string[];
  readonly position: Position;
}

/** A column as written, with the tables that may have it where the statement reads any. */
export interface SqlColumn extends SqlName {
  readonly origin?: ColumnOrigin;
  /** Whether it is of a `from` of the text itself, and so not of a formula's row: for certain, or perhaps. */
  readonly within?: "certain" | "maybe";
}

/** Of which of a statement's tables a column is: tables in parts, as the statement has them. */
export interface ColumnOrigin {
  /** The one table it is of: the one it is named through, or the only one there is. Null where it may be of several. */
  readonly table: readonly string[] | null;
  /** The table whose name it is, so that it is that table's whole row where none has such a column. */
  readonly row: readonly string[] | null;
  /** Which part of the name is the column's. */
  readonly at: number;
  /** All that may have it, also through a `*` of what stands between. */
  readonly mayBeOf: readonly (readonly string[])[];
  /** True where the column of the result has its name from it. */
  readonly isOutput: boolean;
}
