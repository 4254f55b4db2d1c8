import { createResource, type Accessor } from "solid-js";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { SheetRow } from "#server/runner/sheet-rows.ts";
import { api } from "~/api";
import type { NotebookStore } from "~/notebook/notebook-store";

/** A row of a sheet as the page that compares in it shows it. */
export interface ShownRow extends Pick<SheetRow, "row" | "columns"> {
  /** Its number, from 1, and how many there are. */
  readonly number: number;
  readonly count: number;
  /** The names of its columns. */
  readonly names: readonly string[];
}

/** The row of a sheet with a number from 1, or the nearest there is; null where the sheet has none, undefined while it is not known. */
export function createSheetRow(
  store: Pick<NotebookStore, "path" | "view">,
  sheet: string,
  number: Accessor<number>,
): { readonly row: Accessor<ShownRow | null | undefined>; readonly problem: Accessor<unknown> } {
  const count = () => store.view.sheets[sheet]?.rowCount ?? null;
  const [resource] = createResource(
    () => ({
      path: store.path,
      rows: store.view.sheets[sheet]?.rows,
      count: count(),
      settled: store.view.sheets[sheet]?.settled,
      from: Math.min(Math.max(number(), 1), Math.max(count() ?? 1, 1)) - 1,
    }),
    async ({ path, from }): Promise<ShownRow | null> => {
      const page = await api.sheet.rows.query({ path, sheet, view: wholeSheet, from, to: from + 1, cells: [] });
      const [row] = page?.rows ?? [];
      if (page == null || row === undefined) return null;
      return { row: row.row, columns: row.columns, number: row.ordinal, count: page.rowCount, names: page.columns };
    },
  );
  return {
    // The one before stays until another is here.
    row: () => (resource.error === undefined ? resource.latest : null),
    problem: () => resource.error as unknown,
  };
}
