import type { SheetView } from "#server/notebook/sheet-view.ts";
import type { ExportFormat } from "#server/tables/sheet-views.ts";

/** Where the rows of a view are downloaded. */
export function exportAddress(asked: {
  readonly notebook: string;
  readonly sheet: string;
  readonly format: ExportFormat;
  readonly view: SheetView;
}): string {
  const { notebook, sheet, format, view } = asked;
  return `/api/export?${new URLSearchParams({ notebook, sheet, format, view: JSON.stringify(view) }).toString()}`;
}
