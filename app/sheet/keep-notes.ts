import { mostNotes } from "#server/notebook/most-notes.ts";
import { refusal } from "./refusal";
import type { SheetApi } from "./sheet-api";

/** Keeps what is said of results as one step. Throws `sheet.too-many` where they are more than the server keeps at once, and what it says. */
export async function keepNotes(api: SheetApi, title: string, notes: Parameters<SheetApi["note"]>[1]): Promise<void> {
  checkCount(notes.length, "results");
  await api.note(title, notes);
}

/** Throws `sheet.too-many` where so many cannot be changed at once. */
export function checkCount(count: number, what: string): void {
  if (count <= mostNotes) return;
  throw refusal({
    code: "sheet.too-many",
    message: `${count.toLocaleString("en")} ${what} are too many to change at once`,
    cure: "Select fewer cells, or filter the rows first.",
  });
}
