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
  /** What was cut last, and what takes it away where it was: rows and columns may stand elsewhere when it is pasted. */
  let cutLast: { readonly text: string; readonly gone: Promise<Entries> } | null = null;

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
    const gone = cut ? entries.takeBack(range) : null;
    const taken = async (text: string): Promise<void> => {
      // What cannot be taken away is copied.
      cutLast = gone === null ? null : { text, gone: gone.catch(() => new Map()) };
      await gone;
      if (cellsIn(range) > 1) toasts.say(`${cut ? "Cut" : "Copied"}: ${cellsIn(range).toLocaleString("en")} cells.`);
    };
    const now = textsNow(range);
    if (now !== null) {
      const text = printTsv(now);
      event.clipboardData?.setData("text/plain", text);
      return void told(() => taken(text));
    }
    void told(async () => {
      const [texts] = await Promise.all([textsOfRange(model, range), gone]);
      const text = printTsv(texts);
      await navigator.clipboard.writeText(text);
      await taken(text);
    });
  }

  function textsNow(range: GridRange): readonly (readonly string[])[] | null {
    const wanted = columns().slice(range.left, range.right + 1);
    const texts: string[][] = [];
    for (let row = range.top; row <= range.bottom; row += 1) {
      // What is seen is copied as it is seen.
      const there = rows.isNow(row) || rows.isSeen(row) ? rows.row(row) : undefined;
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
    const cut = cutLast?.text === text ? cutLast : null;
    cutLast = null;
    void told(async () => {
      try {
        await pasteTexts(parseTsv(text), range, (await cut?.gone) ?? new Map());
      } catch (thrown) {
        // It can be pasted where it fits.
        cutLast ??= cut;
        throw thrown;
      }
    });
  }

  async function pasteTexts(lines: readonly (readonly string[])[], range: GridRange, gone: Entries): Promise<void> {
    const width = lines.reduce((widest, line) => Math.max(widest, line.length), 0);
    const high = Math.max(lines.length, wholeTimes(range.bottom - range.top + 1, lines.length));
    const wide = Math.max(width, wholeTimes(range.right - range.left + 1, width));
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
    const textAt = (row: number, column: number): string => lines[row % lines.length]![column % width] ?? "";
    await entries.put(to, textAt, gone);
  }

  return { copy, paste };
}

/** How many cells of a range are filled by repeating something so long; what fits in no whole number of times is put once. */
function wholeTimes(length: number, of: number): number {
  return length % of === 0 ? length : of;
}
