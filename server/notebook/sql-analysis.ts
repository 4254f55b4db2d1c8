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
      /** Every `$name`. */
      readonly parameters: readonly SqlName[];
      /** Every column named, for formulas and for what a sheet reads. */
      readonly columns: readonly SqlName[];
      /** Functions whose answer differs from run to run (`random`, `now`, …): they make the cell manual. */
      readonly volatile: readonly string[];
    }
  | {
      readonly ok: false;
      readonly message: string;
      readonly position: Position;
      /** What the cell's text said while it last parsed: that stands. Its places are those of that text. */
      readonly lastGood?: SqlAnalysis & { readonly ok: true };
    };

/** A name as written: its parts without quotes, and the whole's place (with quotes). */
export interface SqlName {
  readonly parts: readonly string[];
  readonly position: Position;
}
