import { createMemo, untrack, type Accessor } from "solid-js";
import { datumText } from "./cell-look";
import type { GridColumn } from "./columns";
import { guessWidth } from "./guess-width";
import type { SheetRowsSignal } from "./sheet-rows-signal";

/** Widths that were worked out on this page, by notebook and sheet: over the whole page a sheet's columns are as wide as in the document. */
const known = new Map<string, ReadonlyMap<string, number>>();

/** Widths that suit the first rows, by the columns' ids: worked out once, so that nothing moves when others come. A column of the rows has none before it is known. */
export function createGuessedWidths(
  sheet: string,
  rows: SheetRowsSignal,
  columns: Accessor<readonly GridColumn[]>,
): Accessor<ReadonlyMap<string, number>> {
  return createMemo(
    (before: ReadonlyMap<string, number>) => {
      rows.version();
      const missing = columns().filter(({ id: column }) => !before.has(column));
      const first = Array.from({ length: 30 }, (_, index) => untrack(() => rows.row(index))).filter(
        (row) => row !== undefined,
      );
      // A page that was asked for before a column was known has nothing of it.
      const knows = (column: GridColumn): boolean =>
        column.type === "cell" || first.some(({ values }) => values[column.name] !== undefined);
      const ready = missing.filter(knows);
      if (ready.length === 0 || first.length === 0) return before;
      const texts = (column: GridColumn): readonly string[] =>
        column.type === "row" ? first.map((row) => datumText(row.values[column.name] ?? null)) : [];
      const now = new Map([
        ...before,
        ...ready.map((column) => [column.id, guessWidth(column, texts(column))] as const),
      ]);
      known.set(sheet, now);
      return now;
    },
    known.get(sheet) ?? new Map<string, number>(),
  );
}
