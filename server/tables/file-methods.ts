import type { Datum, NewColumn, Table } from "#server/notebook/value.ts";
import { inlineRows } from "#server/notebook/value.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { createFromData } from "./data-table.ts";
import { datumReader } from "./duckdb-datum.ts";
import { inferColumns } from "./infer-columns.ts";
import { inlineTable, type Exported } from "./table-export.ts";
import type { TableFiles } from "./table-files.ts";
import type { TablesDatabase } from "./tables-database.ts";

/** Making tables from rows, keeping what the query process exported, and reading pages. */
export function fileMethods(database: TablesDatabase, files: TableFiles) {
  return {
    fromRows(call: {
      readonly rows: readonly { readonly [column: string]: Datum }[];
      readonly columns?: readonly NewColumn[];
    }): Promise<Table> {
      return tableFromRows(database, files, call.rows, call.columns ?? inferColumns(call.rows));
    },
    adopt(exported: Exported): Promise<Table> {
      return files.adopt(exported);
    },
    async rows({
      table,
      offset,
      limit,
    }: {
      readonly table: Table;
      readonly offset: number;
      readonly limit: number;
    }): Promise<readonly (readonly Datum[])[]> {
      const { connection } = await database.connection();
      const sql = `from ${files.source(table)} limit ${Math.trunc(limit)} offset ${Math.trunc(offset)}`;
      const reader = await connection.runAndReadAll(sql);
      const readers = reader.columnTypes().map(datumReader);
      return reader.getRows().map((row) => row.map((value, index) => readers[index]!(value)));
    },
  };
}

/** Rows as a table. A row without a column has null there; a row with a column that is not among `columns` is an error. */
export async function tableFromRows(
  database: TablesDatabase,
  files: TableFiles,
  rows: readonly { readonly [column: string]: Datum }[],
  columns: readonly NewColumn[],
): Promise<Table> {
  checkNames(columns, rows);
  if (columns.length === 0) {
    const table = inlineTable(
      [],
      rows.map(() => []),
    );
    if (table !== null) return table;
    throw new SheafError("data.columns", `${rows.length} rows have no columns`, {
      cure: `A table of more than ${inlineRows} rows needs at least one column.`,
    });
  }
  return await database.use(async (session) => {
    const data = columns.map(({ name }) => rows.map((row) => (Object.hasOwn(row, name) ? row[name]! : null)));
    await createFromData(session, "temp table kept", columns, data);
    return await files.keep(session, "temp.main.kept");
  });
}

function checkNames(columns: readonly NewColumn[], rows: readonly { readonly [column: string]: Datum }[]): void {
  const names = new Map<string, string>();
  for (const { name } of columns) {
    if (name === "") throw new SheafError("data.columns", "a column has an empty name", { cure: "Give it a name." });
    const same = names.get(name.toLowerCase());
    if (same !== undefined)
      throw new SheafError("data.duplicate-column", `two columns have the name ${name} (SQL ignores case: ${same})`, {
        cure: "Rename one of them.",
      });
    names.set(name.toLowerCase(), name);
  }
  const known = new Set(names.values());
  for (const [index, row] of rows.entries())
    for (const name of Object.keys(row))
      if (!known.has(name))
        throw new SheafError("data.columns", `row ${index + 1} has a column that is not among the columns: ${name}`);
}
