import { SheafError } from "#server/notebook/sheaf-error.ts";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { Datum } from "#server/notebook/value.ts";
import { valueOfRow } from "./bindings.ts";
import type { RunContext } from "./run-context.ts";
import { withSheet } from "./sheet-opened.ts";

/**
 * What a row of a sheet binds the notebook's inputs to, by their names; null where the sheet's rows are not settled. Throws
 * `sheet.no-row` where there is no such row, and what is wrong with a binding.
 */
export async function inputsOfRow(
  id: string,
  row: string,
  context: Pick<RunContext, "state" | "tables">,
): Promise<{ readonly [input: string]: Datum } | null> {
  return await withSheet(id, wholeSheet, context, async ({ sheet, frame }) => {
    const { columns } = frame;
    const page = await context.tables.sheets.pageOf({ frame: frame.frame, rows: [row], columns });
    if (page.rows.length === 0)
      throw new SheafError("sheet.no-row", `the sheet \`${id}\` has no such row any more`, {
        cure: "Its rows have changed: look for it again.",
      });
    const values = Object.fromEntries(columns.map((column, index) => [column, page.columns[index]![0] ?? null]));
    const inputs: { [input: string]: Datum } = {};
    for (const binding of sheet.bindings) inputs[binding.input] = await valueOfRow(sheet, binding, values, context);
    return inputs;
  });
}
