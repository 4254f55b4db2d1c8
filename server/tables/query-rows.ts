import type { Datum } from "#server/notebook/value.ts";
import type { Parameter, Session } from "./duckdb-session.ts";

/** The rows of a small result. */
export async function queryRows(
  session: Session,
  sql: string,
  parameters: { readonly [name: string]: Parameter } = {},
): Promise<readonly (readonly Datum[])[]> {
  const { columns, rowCount } = await session.queryColumns(sql, parameters);
  return Array.from({ length: rowCount }, (_, index) => columns.map((column) => column[index]!));
}
