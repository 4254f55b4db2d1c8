import { addressText, type Coordinates } from "#server/notebook/address.ts";
import { wholeSheet, type ColumnRef, type SheetView } from "#server/notebook/sheet-view.ts";
import type { ExportFormat } from "#server/tables/sheet-views.ts";
import { compareVariants, type VariantComparison } from "./compare-variants.ts";
import { exportSheet, type ExportedSheet } from "./export-sheet.ts";
import { resultDetail, type ResultDetail } from "./result-detail.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";
import { sheetColumn, type ColumnSummary } from "./sheet-column.ts";
import { sheetRows, type RowRequest, type SheetRows } from "./sheet-rows.ts";
import { sheetOf } from "./sheet-freshness.ts";
import { rowsOf, type RowsFound, type ViewRowScope } from "./view-rows.ts";

/**
 * Sheets as a grid shows them. Where a sheet's rows are not there, or not settled, the answer is null; its pages are of the rows of
 * before then, and say so. A view that names a
 * column, a cell or a variant that is not there is the error `sheet.column`, `sheet.node` or `sheet.axis`.
 */
export interface SheetGrid {
  /** Rows `from … to` of a view with their cells. */
  sheetRows(sheet: string, view: SheetView, request: RowRequest): Promise<SheetRows | null>;
  /** Figures of a column over the rows of a view, for its header and footer. */
  sheetColumn(sheet: string, column: ColumnRef, view?: SheetView): Promise<ColumnSummary | null>;
  /** Compares two variants of a cell row by row, the first against the second. */
  compareVariants(
    sheet: string,
    cell: string,
    first: Coordinates,
    second: Coordinates,
    view?: SheetView,
  ): Promise<VariantComparison | null>;
  /** Identities of the rows a run is to go over: the first of a view, or those of it for which a filter holds. */
  rowsOf(
    sheet: string,
    view: SheetView,
    scope: ViewRowScope,
    shown?: Pick<RowRequest, "order">,
  ): Promise<RowsFound | null>;
  /** Writes the rows of a view to a file in the cache folder, with a column for each variant, `topic [small, 5]`. */
  exportSheet(sheet: string, view: SheetView, format: ExportFormat): Promise<ExportedSheet | null>;
  /** Everything known of one result of a sheet; null where there is none. */
  sheetCell(sheet: string, row: string, cell: string, at?: Coordinates): Promise<ResultDetail | null>;
  /** Everything known of the result at an address, in a sheet or outside; null where there is none. */
  result(address: string): Promise<ResultDetail | null>;
}

export function sheetGrid(state: SessionState, runtime: Runtime): SheetGrid {
  const context = { state, tables: runtime.tables };
  return {
    sheetRows: (sheet, view, request) => sheetRows(sheet, view, request, context),
    sheetColumn: (sheet, column, view = wholeSheet) => sheetColumn(sheet, column, view, context),
    compareVariants: (sheet, cell, first, second, view = wholeSheet) =>
      compareVariants(sheet, cell, [first, second], view, context),
    rowsOf: (sheet, view, scope, shown) => rowsOf(sheet, view, scope, context, shown),
    exportSheet: (sheet, view, format) => exportSheet(sheet, view, format, state, runtime),
    async sheetCell(sheet, row, cell, at = {}) {
      const { id } = sheetOf(sheet, context);
      return resultDetail(addressText({ cell: `${id}.${cell}`, at: { ...at, [id]: row } }), state, runtime);
    },
    result: (address) => resultDetail(address, state, runtime),
  };
}
