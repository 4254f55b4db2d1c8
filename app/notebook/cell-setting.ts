import type { CellView } from "#server/workbench/view.ts";
import type { Datum } from "#server/notebook/value.ts";

/** What a field of a cell says: what its expression came to where it is read before anything is computed, and else as it is written. */
export function cellSetting(
  { configuration, early }: Pick<CellView, "configuration" | "early">,
  key: string,
): Datum | undefined {
  return early !== undefined && key in early ? early[key] : configuration[key];
}
