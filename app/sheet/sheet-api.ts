import type { SheetRows } from "#server/runner/sheet-rows.ts";
import type { ColumnRef, SheetView } from "#server/notebook/sheet-view.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import type { Estimate } from "#server/runner/estimate.ts";
import { api } from "~/api";
import type { RunRequest } from "~/notebook/notebook-actions";

/** Which rows of a view are asked for, and what of them. */
export interface RowsAsked {
  readonly view: SheetView;
  readonly from: number;
  readonly to: number;
  readonly columns: readonly string[];
  readonly cells: readonly string[];
  readonly fresh?: boolean;
  /** The order that is shown. */
  readonly order?: string;
}

/** What a sheet's grid asks the server. Rows go alone: others must not wait for them, nor they for others. */
export function createSheetApi(path: string, sheet: string) {
  const at = { path, sheet };
  const alone = { context: { alone: true } };
  return {
    rows: ({ columns, cells, ...asked }: RowsAsked, signal?: AbortSignal): Promise<SheetRows | null> =>
      api.sheet.rows.query(
        { ...at, ...asked, columns: [...columns], cells: [...cells] },
        { ...alone, ...(signal === undefined ? {} : { signal }) },
      ) as Promise<SheetRows | null>,
    column: (view: SheetView, column: ColumnRef) => api.sheet.column.query({ ...at, view, column }, alone),
    compare: (view: SheetView, cell: string, first: Coordinates, second: Coordinates) =>
      api.sheet.compare.query({ ...at, view, cell, first, second }, alone),
    found: (view: SheetView, scope: Parameters<typeof api.sheet.found.query>[0]["scope"], order: string | null) =>
      api.sheet.found.query({ ...at, view, scope, ...(order === null ? {} : { order }) }, alone),
    cell: (row: string, cell: string, labels: Coordinates) =>
      api.sheet.cell.query({ ...at, row, cell, at: labels }, alone),
    whole: (column: string, rows: readonly string[]) => api.sheet.whole.query({ ...at, column, rows: [...rows] }),
    rowInputs: (row: string) => api.sheet.rowInputs.query({ ...at, row }),
    estimate: (request: RunRequest): Promise<Estimate> =>
      api.notebook.estimate.query({ path, ...request } as never, alone) as Promise<Estimate>,
    rendered: (cell: string, labels: Coordinates, row: string) =>
      api.notebook.rendered.query({ path, cell, at: labels, row }, alone),
    note: (title: string, notes: readonly { readonly address: string; readonly type: string }[]) =>
      api.sheet.note.mutate({ path, title, notes: [...notes] }),
  };
}

export type SheetApi = ReturnType<typeof createSheetApi>;
