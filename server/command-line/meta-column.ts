import type { Table } from "#server/notebook/value.ts";

/** The facts of a result in SQL, in a table of a sheet's column: whatever the columns of the rows are called, they stand last. */
export function metaColumn({ columns }: Table): string {
  return `"${columns.at(-1)!.name.replaceAll('"', '""')}"`;
}
