import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { RunContext } from "./run-context.ts";
import { withSheet } from "./sheet-opened.ts";

/** Whole values of a column of a sheet's rows, in the order the rows are named; null where the sheet's rows are not settled. */
export async function wholeColumn(
  sheet: string,
  column: string,
  rows: readonly string[],
  context: Pick<RunContext, "state" | "tables">,
): Promise<readonly Datum[] | null> {
  return await withSheet(sheet, wholeSheet, context, async ({ frame }) => {
    const page = await context.tables.sheets.pageOf({ frame: frame.frame, rows, columns: [column] });
    const values = new Map(page.rows.map((row, index) => [row, page.columns[0]?.[index] ?? null]));
    return rows.map((row) => values.get(row) ?? null);
  });
}
