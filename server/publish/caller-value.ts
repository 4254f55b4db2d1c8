import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Column, Datum, Table, Value } from "#server/notebook/value.ts";
import type { Tables } from "#server/tables/tables.ts";

/** The most rows of one table in an answer. */
const mostRows = 100_000;

/** A value as a caller gets it, as the contract's schemas describe it: nothing in it says how it was computed. */
export async function callerValue(value: Value, tables: Pick<Tables, "rows">): Promise<unknown> {
  switch (value.type) {
    case "null":
      return null;
    case "string":
    case "number":
    case "boolean":
    case "json":
      return value.value;
    case "messages":
    case "file":
    case "image":
      return value.value;
    case "table":
      return { rows: await rowsOf(value.value, tables), rowCount: value.value.rowCount };
    case "score": {
      const { score, pass, reason } = value.value;
      return { score, pass, reason };
    }
    case "test":
      // Its lines are the cell's own text.
      return { verdict: value.value.verdict };
    case "chart": {
      const { kind, x, y, table } = value.value;
      return { kind, x, y, rows: await rowsOf(table, tables) };
    }
    case "error":
      return null;
  }
}

async function rowsOf(table: Table, tables: Pick<Tables, "rows">): Promise<readonly unknown[]> {
  if (table.rowCount > mostRows)
    throw new SheafError("answer.too-long", `the table has more than ${mostRows.toLocaleString("en")} rows`);
  return named(table.columns, await tables.rows(table, 0, mostRows));
}

function named(columns: readonly Column[], rows: readonly (readonly Datum[])[]): readonly unknown[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, plain(row[index] ?? null)])));
}

/** A table among a row's values, as the hits of a search in a sheet are, by its rows. */
function plain(value: Datum): unknown {
  const table = value as unknown as Partial<Table> | null;
  return typeof table?.hash === "string" && Array.isArray(table.columns) && Array.isArray(table.rows)
    ? named(table.columns, table.rows)
    : value;
}
