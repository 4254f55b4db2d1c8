import type { Datum, Table } from "#server/notebook/value.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { createFromData } from "./data-table.ts";
import { quoted, type Session } from "./duckdb-session.ts";
import { parameterValue } from "./parameter-value.ts";
import { guardQuery } from "./query-guard.ts";
import { referencesOf } from "./sql-analyse.ts";
import { sqlError } from "./sql-error.ts";
import { parseSql } from "./sql-tree.ts";
import { fileSource } from "./table-files.ts";

/** A question after rows as it comes to the process. */
export interface AdmittedRequest {
  readonly table: Table;
  /** A condition over the table's columns. */
  readonly where: string;
  /** Values of `$name`, those the condition names and no others. */
  readonly parameters: { readonly [name: string]: Datum };
}

/** The numbers of the rows for which a condition holds, ascending, from 0. It may reach no more than a query of people's may. */
export async function admittedRows(
  session: Session,
  { table, where, parameters }: AdmittedRequest,
  files: string,
  signal: AbortSignal,
): Promise<Uint32Array> {
  const tree = await parseSql(session, where, "select 1 where (", ")");
  guardQuery(tree);
  const [other] = referencesOf(tree).tables;
  if (other !== undefined)
    throw new SheafError("sql.forbidden", "a condition on rows reads no other table", { position: other.position });
  const number = ownName(table);
  const source = table.rows === undefined ? fileSource(files, table, number) : await dataSource(session, table, number);
  const bound = Object.entries(parameters).map(([name, datum]) => [name, parameterValue(datum)] as const);
  signal.throwIfAborted();
  try {
    const result = await session.connection.stream(
      `select cast(${quoted(number)} as UINTEGER) from ${source} where (${tree.sql})`,
      Object.fromEntries(bound.map(([name, { value }]) => [name, value])),
      Object.fromEntries(bound.map(([name, { type }]) => [name, type])),
    );
    const rows = new Uint32Array(table.rowCount);
    let count = 0;
    for (let chunk = await result.fetchChunk(); (chunk?.rowCount ?? 0) > 0; chunk = await result.fetchChunk()) {
      signal.throwIfAborted();
      const numbers = chunk!.getColumnVector(0);
      for (let index = 0; index < chunk!.rowCount; index += 1) rows[count++] = numbers.getItem(index) as number;
    }
    return rows.slice(0, count).sort();
  } catch (error) {
    throw sqlError(error, tree, null);
  }
}

/** A name no column of the table has. */
function ownName({ columns }: Table): string {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  let name = "row number";
  while (taken.has(name)) name += "_";
  return name;
}

async function dataSource(session: Session, { columns, rows }: Table, number: string): Promise<string> {
  const data = columns.map((_, index) => rows!.map((row) => row[index]!));
  const numbers = rows!.map((_, index) => index);
  const all = [...columns, { name: number, type: "number", sql: "BIGINT" } as const];
  await createFromData(session, "temp table sheaf_rows", all, [...data, numbers]);
  return "temp.main.sheaf_rows";
}
