import { toasts } from "../ui/toasts";
import { cellsIn, headerRow, rangeOf, type GridRange } from "./grid/selection";
import { parseTsv, printTsv } from "./grid/tsv";
import { mostCells, textNow, textsOfRange } from "./read-range";
import type { Entries, SheetEntries } from "./sheet-entries";
import type { SheetModel } from "./sheet-model";
import { told } from "./tell";

/** Cells to the clipboard and from it, as text that other spreadsheets read and write. */
export interface SheetClipboard {
  copy(event: ClipboardEvent, cut: boolean): void;
  paste(event: ClipboardEvent): void;
}

export function createSheetClipboard(model: SheetModel, entries: SheetEntries): SheetClipboard {
  const { selection, columns, rows } = model;
  /** What was cut last, and of which cells: where it is pasted it is taken away there. */
  let cutFrom: { readonly text: string; readonly range: GridRange } | null = null;

  function copy(event: ClipboardEvent, cut: boolean): void {
    const range = rangeOf(selection());
    if (range.top === headerRow) return;
    event.preventDefault();
    if (cellsIn(range) > mostCells) {
      const cure = "Select fewer cells, or export the sheet.";
      return toasts.problem({
        code: "sheet.copy",
        message: `${cellsIn(range).toLocaleString("en")} cells are too many to copy`,
        cure,
      });
    }
    const taken = (text: string): void => {
      cutFrom = cut ? { text, range } : null;
      if (cellsIn(range) > 1) toasts.say(`${cut ? "Cut" : "Copied"}: ${cellsIn(range).toLocaleString("en")} cells.`);
    };
    const now = textsNow(range);
    if (now !== null) {
      const text = printTsv(now);
      event.clipboardData?.setData("text/plain", text);
      return taken(text);
    }
    void told(async () => {
      const text = printTsv(await textsOfRange(model, range));
      await navigator.clipboard.writeText(text);
      taken(text);
    });
  }

  function textsNow(range: GridRange): readonly (readonly string[])[] | null {
    const wanted = columns().slice(range.left, range.right + 1);
    const texts: string[][] = [];
    for (let row = range.top; row <= range.bottom; row += 1) {
      const there = rows.row(row);
      const line = there === undefined ? [null] : wanted.map((column) => textNow(there, column));
      if (line.includes(null)) return null;
      texts.push(line as string[]);
    }
    return texts;
  }

  function paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const range = rangeOf(selection());
    if (range.top === headerRow || text === "") return;
    event.preventDefault();
    const source = cutFrom?.text === text ? cutFrom.range : null;
    cutFrom = null;
    void pasteTexts(parseTsv(text), range, source);
  }

  async function pasteTexts(
    texts: readonly (readonly string[])[],
    range: GridRange,
    cut: GridRange | null,
  ): Promise<void> {
    const high = Math.max(texts.length, wholeTimes(range.bottom - range.top + 1, texts.length));
    const wide = Math.max(texts[0]!.length, wholeTimes(range.right - range.left + 1, texts[0]!.length));
    const to = {
      top: range.top,
      left: range.left,
      bottom: Math.min(range.top + high, model.size().rows) - 1,
      right: Math.min(range.left + wide, model.size().columns) - 1,
    };
    model.select({
      ...selection(),
      anchor: { row: to.top, column: to.left },
      head: { row: to.bottom, column: to.right },
    });
    const cleared: Entries = cut === null ? new Map() : await entries.takeBack(cut);
    const textAt = (row: number, column: number): string => {
      const line = texts[row % texts.length]!;
      return line[column % line.length] ?? "";
    };
    await entries.put(to, textAt, cleared);
  }

  return { copy, paste };
}

/** How many cells of a range are filled by repeating something so long; what fits in no whole number of times is put once. */
function wholeTimes(length: number, of: number): number {
  return length % of === 0 ? length : of;
}
