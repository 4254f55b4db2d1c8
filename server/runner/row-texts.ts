import { parseAddress } from "#server/notebook/address.ts";
import { rowAndLabels, sheetOfPath } from "#server/notebook/baseline.ts";
import type { Datum } from "#server/notebook/value.ts";
import { keyOf } from "./open-frame.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Something to know the rows of addresses in sheets by, by the address: the first text of the row that is not its key, or its first value. A row whose
 * identity is a hash tells nobody which it is.
 */
export async function rowTexts(
  addresses: readonly string[],
  { state, tables }: Pick<RunContext, "state" | "tables">,
): Promise<ReadonlyMap<string, Datum>> {
  const found = new Map<string, Datum>();
  const rowOf = (address: string): string => {
    const { cell, at } = parseAddress(address);
    return rowAndLabels(cell, at).row!;
  };
  for (const [sheet, own] of Map.groupBy(addresses, (address) => sheetOfPath(parseAddress(address).cell))) {
    const frame = sheet === null ? undefined : state.frames.get(sheet);
    if (frame === undefined) continue;
    const key = keyOf(state.graph.sheets.get(sheet!)!, { state });
    const { columns } = frame.table;
    const column = columns.find(({ type, name }) => type === "string" && name !== key?.column) ?? columns[0];
    if (column === undefined) continue;
    const rows = [...new Set(own.map(rowOf))];
    const page = await tables.sheets.pageOf({ frame: frame.frame, rows, columns: [column.name] });
    const values = new Map(page.rows.map((row, index) => [row, page.columns[0]![index]!]));
    for (const address of own) {
      const value = values.get(rowOf(address));
      if (value !== undefined) found.set(address, value);
    }
  }
  return found;
}
