import type { Datum, NewColumn, Table } from "#server/notebook/value.ts";
import type { SqlAnalysis } from "#server/notebook/sql-analysis.ts";
import type { QueryCall } from "#server/notebook/services.ts";
import type { CallStore } from "./call-store.ts";
import type { SheetStore } from "./sheet-store.ts";

/** Where tables are kept. */
export interface TableFolders {
  /** Immutable Parquet files, `HASH.parquet`: state. */
  readonly files: string;
  /** DuckDB's own file and scratch: cache, may be deleted at any time. */
  readonly cache: string;
  /** Dataset files of people, for `importFile`. */
  readonly datasets: string;
}

/** The formats of a table written as text. */
export type TextFormat = "csv" | "json" | "jsonl" | "yaml";

export interface ImportOptions {
  /** The encoding of a text file that is not UTF-8 (nor marked UTF-16), as iconv names it: `latin1`, `shift_jis`. */
  readonly encoding?: string;
  /** The column that must tell rows apart. */
  readonly key?: string;
}

/** Tables in DuckDB, behind two processes: `tables` for our own work, `query` for people's SQL. */
export interface Tables {
  /** Imports a dataset file by its path under `datasets` (CSV, TSV, JSON, JSONL, Parquet). Content that is not what its name says is an error with line and cure, and so are rows that the key does not tell apart. */
  importFile(path: string, options?: ImportOptions): Promise<Table>;
  /** Imports a file anywhere, by its absolute path, that a person named: never what a notebook names. Its errors call it `name`. */
  importAnyFile(file: string, name: string): Promise<Table>;
  importText(text: string, format: TextFormat, options?: Pick<ImportOptions, "key">): Promise<Table>;
  /** The version of a dataset file without importing it: SHA-256 of its bytes, remembered by size and time. */
  fileVersion(path: string): Promise<string>;
  fromRows(rows: readonly { readonly [column: string]: Datum }[], columns?: readonly NewColumn[]): Promise<Table>;
  /** Rows `offset … offset + limit`, from the handle or the file. */
  rows(table: Table, offset: number, limit: number): Promise<readonly (readonly Datum[])[]>;
  /** One statement over immutable tables, one thread, no access to anything else. */
  query(call: QueryCall): Promise<Table>;
  /** The numbers of the rows of a table, from 0 and ascending, for which a condition over its columns holds; `$name` in it is a parameter. Where no more may be read than in `query`. */
  admitted(
    table: Table,
    where: string,
    parameters: QueryCall["parameters"],
    signal?: AbortSignal,
  ): Promise<Uint32Array>;
  /** What a statement (`statement`) or one expression (`expression`) reads. */
  analyse(sql: string, kind: "statement" | "expression"): Promise<SqlAnalysis>;
  readonly sheets: SheetStore;
  readonly calls: CallStore;
  close(): Promise<void>;
}
