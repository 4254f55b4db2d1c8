import type { SheetCatalog } from "./sheet-catalog.ts";
import { forgetSheet } from "./sheet-forget.ts";
import { dropFrames } from "./sheet-frames.ts";

/** Gives all sheets whose names begin so names that begin otherwise; `SheetStore.move`. */
export async function moveSheets(catalog: SheetCatalog, from: string, to: string): Promise<void> {
  const sheets = async (prefix: string): Promise<readonly string[]> =>
    (await catalog.names()).all(0, "sheet").flatMap(([name]) => (name.startsWith(prefix) ? [name] : []));
  for (const name of await sheets(to)) await forgetSheet(catalog, name);
  for (const name of await sheets(from)) {
    const names = await catalog.names();
    const sheet = await catalog.sheet(name);
    // A frame's name is made of its sheet's.
    await dropFrames(catalog, sheet, 0);
    const moved = to + name.slice(from.length);
    await catalog.write((session) =>
      session.execute("update sheet_names set text = $moved where scope = 0 and kind = 'sheet' and id = $id", {
        moved,
        id: sheet.id,
      }),
    );
    names.rename(0, "sheet", name, moved);
    await catalog.forget(name);
  }
}
