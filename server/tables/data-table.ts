import { VARCHAR, type DuckDBType } from "@duckdb/node-api";
import type { Datum, NewColumn } from "#server/notebook/value.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { checkedType } from "./column-type.ts";
import { castFromText, datumWriter } from "./datum-text.ts";
import { quoted, type Session } from "./duckdb-session.ts";
import { isOutOfMemory } from "./table-limits.ts";

/** Makes a table from data by columns, of which there is at least one; `target` is `table NAME` or `temp table NAME`. A datum that is not of its column's type is an error that says which. */
export async function createFromData(
  session: Session,
  target: `${"" | "temp "}table ${string}`,
  columns: readonly NewColumn[],
  data: readonly (readonly Datum[])[],
): Promise<void> {
  const types = await typesOf(session, columns);
  const texts = data.map((values, index) => values.map(datumWriter(types[index]!)));
  const staging = `staging_${nextStaging++}`;
  const fields = columns.map((_, index) => `c${index} VARCHAR`).join(", ");
  await session.execute(`create temp table ${staging} (${fields})`);
  try {
    await session.append(
      { name: staging, schema: "main", catalog: "temp" },
      columns.map(() => VARCHAR),
      texts,
    );
    const casts = columns.map(
      (column, index) => `${castFromText(`c${index}`, types[index]!, column.sql)} as ${quoted(column.name)}`,
    );
    await session.execute(`create ${target} as select ${casts.join(", ")} from temp.main.${staging}`);
  } catch (error) {
    if (isOutOfMemory(error)) throw error;
    throw new SheafError("data.value", `a value is not of its column's type: ${messageOf(error)}`, { cause: error });
  } finally {
    await session.execute(`drop table temp.main.${staging}`);
  }
}

let nextStaging = 1;

/** DuckDB's types of columns, by the names in `sql`. */
export async function typesOf(session: Session, columns: readonly NewColumn[]): Promise<readonly DuckDBType[]> {
  const casts = columns.map((column, index) => `cast(null as ${checkedType(column)}) as c${index}`);
  return (await session.queryColumns(`select ${casts.join(", ")} limit 0`)).types;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^[A-Z][A-Za-z ]+ Error: /, "") : String(error);
}
