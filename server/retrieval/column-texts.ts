import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum, Table } from "#server/notebook/value.ts";

/** Reads rows `offset … offset + limit` of a table, a value for each column. */
export type ReadRows = (table: Table, offset: number, limit: number) => Promise<readonly (readonly Datum[])[]>;

/** A row's text, with the row's number from 0. */
export interface RowText {
  readonly row: number;
  readonly text: string;
}

/** The texts of a column by pages of at most `page` rows, without rows that have none. Throws `retrieval.column` for a column the table lacks. */
export async function* columnTexts(
  read: ReadRows,
  table: Table,
  column: string,
  page: number,
): AsyncGenerator<readonly RowText[]> {
  const place = columnPlace(table, column);
  for (let offset = 0; offset < table.rowCount; offset += page) {
    const rows = await read(table, offset, Math.min(page, table.rowCount - offset));
    yield rows.flatMap((row, index) => {
      const text = toText(row[place] ?? null);
      return text.trim() === "" ? [] : [{ row: offset + index, text }];
    });
  }
}

/** Where a column stands in a table's rows. */
export function columnPlace(table: Table, column: string): number {
  const place = table.columns.findIndex(({ name }) => name === column);
  if (place >= 0) return place;
  const names = table.columns.map(({ name }) => name);
  throw new SheafError("retrieval.column", `the table has no column ${column}`, {
    cure:
      names.length === 0
        ? "The table has no columns at all."
        : `Its columns are ${names.join(", ")}: name one as \`text\`.`,
  });
}

function toText(value: Datum): string {
  switch (typeof value) {
    case "string":
      return value;
    case "object":
      return value === null
        ? ""
        : JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner));
    default:
      return String(value);
  }
}
