import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { SheetView } from "#server/notebook/sheet-view.ts";
import type { ExportFormat } from "#server/tables/sheet-views.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";
import { withSheet } from "./sheet-opened.ts";

/** A file of a view's rows, in the cache folder: it is gone when the workspace is opened once this process has ended. */
export interface ExportedSheet {
  readonly path: string;
  readonly rows: number;
}

/** Writes the rows of a view to a file of its own. Null where the sheet's rows are not settled. */
export async function exportSheet(
  id: string,
  view: SheetView,
  format: ExportFormat,
  state: SessionState,
  { workspace, tables, newId }: Runtime,
): Promise<ExportedSheet | null> {
  return await withSheet(id, view, { state, tables }, async ({ call }) => {
    const folder = join(workspace.cache, "exports", `${process.pid}-${newId()}`);
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${id}.${format}`);
    return { path, rows: await tables.sheets.exportView({ ...call, format, path }) };
  });
}
