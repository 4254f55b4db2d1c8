import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Column, Datum, Score, Table } from "#server/notebook/value.ts";

/** A table as plain data, with at most its first 1,000 rows. */
export interface PlainTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rowCount: number;
  readonly rows: readonly { readonly [column: string]: unknown }[];
}

export function isPlainTable(value: unknown): value is PlainTable {
  return isMapping(value) && "rowCount" in value && Array.isArray(value["columns"]) && Array.isArray(value["rows"]);
}

/** A score as it stands among plain data: `{ score, pass, reason }`. */
export function isPlainScore(value: unknown): value is Score {
  return isMapping(value) && "score" in value && "pass" in value && typeof value["reason"] === "string";
}

/** A table's handle where it is one of many values, as in a sheet's column of hits. */
export function isTableHandle(value: Datum | undefined): value is Table & { readonly [key: string]: Datum } {
  return (
    isMapping(value) &&
    typeof value["hash"] === "string" &&
    /^[0-9a-f]{64}$/.test(value["hash"]) &&
    typeof value["rowCount"] === "number" &&
    Array.isArray(value["columns"])
  );
}

/** Rows by their columns' names. */
export function namedRows(
  columns: readonly Pick<Column, "name">[],
  rows: readonly (readonly Datum[])[],
): readonly { readonly [column: string]: Datum }[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
}
