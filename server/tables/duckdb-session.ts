import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  HUGEINT,
  LIST,
  SQLNULL,
  VARCHAR,
  listValue,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import type { Datum } from "#server/notebook/value.ts";
import { datumReader } from "./duckdb-datum.ts";

/** A value of `$name` in a statement of ours. Numbers are bound as `BIGINT` where they are whole, else as `DOUBLE`; lists need their type. */
export type Parameter =
  | null
  | boolean
  | number
  | bigint
  | string
  | { readonly value: DuckDBValue; readonly type: DuckDBType };

/** A result by columns: a list of data for each. */
export interface ColumnsResult {
  readonly names: readonly string[];
  readonly types: readonly DuckDBType[];
  readonly columns: readonly (readonly Datum[])[];
  readonly rowCount: number;
}

/** One connection to DuckDB, and what our own statements need of it. Calls on one session run one after another. */
export interface Session {
  readonly connection: DuckDBConnection;
  /** Runs one or more statements for their effect. Parameters are allowed with a single statement. */
  execute(sql: string, parameters?: { readonly [name: string]: Parameter }): Promise<void>;
  /** Runs one statement and reads all of its result, by columns. */
  queryColumns(sql: string, parameters?: { readonly [name: string]: Parameter }): Promise<ColumnsResult>;
  /** Appends columns of values to an existing table (`types` are the table's columns' in order), 2,048 rows at a time. */
  append(
    table: { readonly name: string; readonly schema?: string; readonly catalog?: string },
    types: readonly DuckDBType[],
    columns: readonly (readonly DuckDBValue[])[],
  ): Promise<void>;
}

/** A session over an open connection. */
export function openSession(connection: DuckDBConnection): Session {
  return {
    connection,
    async execute(sql, parameters) {
      const { values, types } = bound(parameters);
      await connection.run(sql, values, types);
    },
    async queryColumns(sql, parameters) {
      const binds = bound(parameters);
      const reader = await connection.runAndReadAll(sql, binds.values, binds.types);
      const types = reader.columnTypes();
      // Without a row the library gives no columns at all.
      const read = reader.getColumns();
      const columns = types.map((type, index) => (read[index] ?? []).map(datumReader(type)));
      return { names: reader.columnNames(), types, columns, rowCount: reader.currentRowCount };
    },
    async append(table, types, columns) {
      const appender = await connection.createAppender(table.name, table.schema, table.catalog);
      try {
        const rowCount = columns[0]?.length ?? 0;
        for (let from = 0; from < rowCount; from += chunkRows) {
          const chunk = DuckDBDataChunk.create(types, Math.min(chunkRows, rowCount - from));
          chunk.setColumns(columns.map((values) => values.slice(from, from + chunkRows)));
          appender.appendDataChunk(chunk);
        }
      } finally {
        appender.closeSync();
      }
    },
  };
}

const chunkRows = 2048;

/** A list of texts as a parameter: `LIST(VARCHAR)`, also where it is empty. */
export function texts(values: readonly (string | null)[]): Parameter {
  return { value: listValue([...values]), type: LIST(VARCHAR) };
}

/** A list of integers as a parameter: `LIST(BIGINT)`, also where it is empty. */
export function integers(values: readonly (number | bigint | null)[]): Parameter {
  return { value: listValue(values.map((value) => (value === null ? null : BigInt(value)))), type: LIST(BIGINT) };
}

/** `name` as a quoted SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `text` as a SQL string literal, or where it has a NUL, which ends a statement, as an expression. */
export function literal(text: string): string {
  const escaped = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\0") ? `(${escaped.replaceAll("\0", "' || chr(0) || '")})` : escaped;
}

/** A file's path as DuckDB's readers of files take it: they would read every file that it is a pattern of. */
export function fileLiteral(path: string): string {
  return literal(path.replace(/[*?[]/g, "[$&]"));
}

/** Values and types by name, as the library takes them; nothing where there are none, which it runs without preparing. */
function bound(parameters: { readonly [name: string]: Parameter } = {}): {
  readonly values?: Record<string, DuckDBValue>;
  readonly types?: Record<string, DuckDBType>;
} {
  const binds = Object.entries(parameters).map(([name, parameter]) => [name, bind(parameter)] as const);
  if (binds.length === 0) return {};
  return {
    values: Object.fromEntries(binds.map(([name, { value }]) => [name, value])),
    types: Object.fromEntries(binds.map(([name, { type }]) => [name, type])),
  };
}

function bind(parameter: Parameter): { readonly value: DuckDBValue; readonly type: DuckDBType } {
  if (parameter === null) return { value: null, type: SQLNULL };
  switch (typeof parameter) {
    case "boolean":
      return { value: parameter, type: BOOLEAN };
    case "string":
      return { value: parameter, type: VARCHAR };
    case "number":
      return Number.isSafeInteger(parameter)
        ? { value: BigInt(parameter), type: BIGINT }
        : { value: parameter, type: DOUBLE };
    case "bigint":
      return { value: parameter, type: BigInt.asIntN(64, parameter) === parameter ? BIGINT : HUGEINT };
    case "object":
      return parameter;
  }
}
