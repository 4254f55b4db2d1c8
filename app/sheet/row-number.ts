import { openSheet } from "./open-sheets";

/** The number a row of a sheet that is on the page has in its grid, from 1, by the row's identity; undefined where it is not in sight there. */
export function rowNumber(sheet: string, row: string): number | undefined {
  const rows = openSheet(sheet)?.model.rows;
  if (rows === undefined) return undefined;
  rows.version();
  const place = rows.placeOf(row);
  return place < 0 ? undefined : rows.row(place)?.ordinal;
}
