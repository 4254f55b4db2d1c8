import type { SheetCatalog } from "./sheet-catalog.ts";
import { dropFrames } from "./sheet-frames.ts";

/** Drops all that is kept of a sheet; `SheetStore.forget`. */
export async function forgetSheet(catalog: SheetCatalog, name: string): Promise<void> {
  const names = await catalog.names();
  if (names.known(0, "sheet", name) === undefined) return;
  const sheet = await catalog.sheet(name);
  const { id } = sheet;
  await dropFrames(catalog, sheet, 0);
  await catalog.write(async (session) => {
    for (const [, node] of names.all(id, "node"))
      await session.execute(`drop table sheet_results_${id}_${node}; drop table sheet_overrides_${id}_${node}`);
    await session.execute(`drop table sheet_rows_${id}`);
    await session.execute("delete from sheet_names where scope = $id or (scope = 0 and kind = 'sheet' and id = $id)", {
      id,
    });
  });
  names.forgetScope(id);
  names.forget(0, "sheet", name);
  await catalog.forget(name);
}
