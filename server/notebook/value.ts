import { isImageType, storedFileOf } from "./stored-file-of.ts";

/** A plain value as it stands in a table's cell or in JSON. Dates and times are ISO text; an integer beyond 2^53 is a `bigint`. */
export type Datum = null | boolean | number | bigint | string | readonly Datum[] | { readonly [key: string]: Datum };

/** The type of a table's column: what a view needs to know, and the exact type DuckDB has for it. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "number" | "boolean" | "date" | "time" | "json" | "binary";
  /** DuckDB's own name for the type, as in `DECIMAL(10,2)`. */
  readonly sql: string;
}

/** What a column is made of: DuckDB's type says what a view needs to know. */
export type NewColumn = Pick<Column, "name" | "sql"> & Partial<Pick<Column, "type">>;

/**
 * A handle to an immutable table. Rows are read by pages from the file named by `hash`,
 * or stand in `rows` where the table is small enough to travel with the handle.
 */
export interface Table {
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** SHA-256 in hex of the content: equal tables have equal hashes. */
  readonly hash: string;
  /** The rows themselves, a value for each column, for at most `inlineRows` rows; in notes for more. */
  readonly rows?: readonly (readonly Datum[])[];
  /**
   * Of a sheet's own table, why its cells' columns have no value in a row: for each of them that lacks any, `error CELL`, `skipped CELL`
   * or `open CELL`, which has yet to come; null where there is one. What goes over the table's rows reads it with them.
   */
  readonly outcomes?: Table;
}

/** A table of more rows than this is a file; one of fewer travels in its handle. */
export const inlineRows = 100;

/** One message of a conversation with a model. */
export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** A file kept by content: `hash` is the SHA-256 in hex of its bytes. */
export interface StoredFile {
  readonly hash: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
}

/** What a chart shows: which columns of which table, and how. */
export interface Chart {
  readonly kind: "bar" | "line" | "scatter" | "histogram";
  readonly table: Table;
  readonly x: string;
  readonly y: readonly string[];
  readonly series?: string;
  readonly title?: string;
}

/** The verdict of one check: `score` is in 0…1, and null where the case cannot be scored. */
export interface Score {
  readonly score: number | null;
  /** Whether the score reaches its threshold; null where there is no score. */
  readonly pass: boolean | null;
  readonly reason: string;
  /** The single checks' verdicts by name, where there is more than one. */
  readonly checks?: { readonly [name: string]: Score };
}

/** One line of a test cell, with the figures of both sides as they were read. */
export interface TestLine {
  readonly source: string;
  readonly verdict: "pass" | "fail" | "open";
  /** What each side came to, in words: `0.945 (n 189 of 200, over triage)`. */
  readonly sides: readonly string[];
  /** Why the line is open or failed. */
  readonly reason?: string;
}

/** What happened, where, and what to do: an error as data. */
export interface CellError {
  /** A stable word for programs: `language.undefined`, `sql.syntax`, `model.unauthorized`, … */
  readonly code: string;
  readonly message: string;
  /** What to do about it, as a sentence. */
  readonly cure?: string;
  /** Where, counted from 1, in the cell's own text or, for a notebook's diagnostics, in the file. */
  readonly position?: Position;
  /** Of an error without a place, the field of its cell's configuration that it is about, as `y.1`. */
  readonly field?: string;
}

/** A place in a text: `line` and `column` count from 1, `offset` and `length` are UTF-16 code units from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly length: number;
}

/** What a cell computes. Views switch on `type` exhaustively. */
export type Value =
  | { readonly type: "null" }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "number"; readonly value: number | bigint }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "json"; readonly value: Datum }
  | { readonly type: "table"; readonly value: Table }
  | { readonly type: "messages"; readonly value: readonly Message[] }
  | { readonly type: "file"; readonly value: StoredFile }
  | { readonly type: "image"; readonly value: StoredFile }
  | { readonly type: "chart"; readonly value: Chart }
  | { readonly type: "score"; readonly value: Score }
  | {
      readonly type: "test";
      readonly value: { readonly verdict: TestLine["verdict"]; readonly lines: readonly TestLine[] };
    }
  | { readonly type: "error"; readonly value: CellError };

/** The value a plain datum is: scalars by their type, a kept file as one, lists and other objects as JSON. */
export function toValue(datum: Datum | undefined): Value {
  if (datum === null || datum === undefined) return { type: "null" };
  switch (typeof datum) {
    case "string":
      return { type: "string", value: datum };
    case "number":
    case "bigint":
      return { type: "number", value: datum };
    case "boolean":
      return { type: "boolean", value: datum };
    default: {
      const file = storedFileOf(datum);
      if (file === null) return { type: "json", value: datum };
      return { type: isImageType(file.mediaType) ? "image" : "file", value: file };
    }
  }
}
