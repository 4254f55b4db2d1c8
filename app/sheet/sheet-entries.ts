import { createSignal, type Accessor } from "solid-js";
import type { Value } from "#server/notebook/value.ts";
import type { SheetCell } from "#server/runner/sheet-rows.ts";
import { toasts } from "../ui/toasts";
import type { CellColumn, GridColumn } from "./columns";
import { clearedValue, enterValue, type EnteredNote } from "./enter-value";
import type { GridRange } from "./grid/selection";
import { keepNotes } from "./keep-notes";
import { selectedRows } from "./read-range";
import { refusal } from "./refusal";
import type { SheetModel } from "./sheet-model";
import type { GridRow } from "./sheet-rows-signal";

/** One entry of a person: in which column of a row, and what. */
export interface Entry {
  readonly row: string;
  readonly column: CellColumn;
  readonly note: EnteredNote;
}

/** Entries by the addresses of the results: of two at one address the later counts, for it was made of the earlier. */
export type Entries = ReadonlyMap<string, Entry>;

/**
 * What people enter into the cells of a sheet. Throws `sheet.entry` where a text is none of its column's, and all that asks the
 * server what that says.
 */
export interface SheetEntries {
  /** Whether a column takes entries; one whose values come from a file or SQL is said to, and a label column is offered. */
  takes(column: GridColumn | undefined): column is CellColumn;
  /** A column that takes none, for which a label column is offered. */
  readonly offer: Accessor<GridColumn | null>;
  closeOffer(): void;
  /** Enters one text. */
  enter(row: GridRow, column: CellColumn, text: string): Promise<void>;
  /**
   * Enters texts into the cells of a range that have one, and with them other entries. Columns that take none are left out, and
   * that is said.
   */
  put(range: GridRange, textAt: (row: number, column: number) => string | null, others: Entries): Promise<void>;
  /** What takes back the entries of a range. */
  takeBack(range: GridRange): Promise<Entries>;
  /** Takes back the entries of a range. */
  clear(range: GridRange): Promise<void>;
}

export function createSheetEntries(model: SheetModel): SheetEntries {
  const { api, columns } = model;
  const [offer, setOffer] = createSignal<GridColumn | null>(null);

  async function keep(title: string, entries: Entries): Promise<void> {
    const notes = [...entries].map(([address, { note }]) => ({ ...note, address }));
    if (notes.length > 0) await keepNotes(api, title, notes);
  }

  function takes(column: GridColumn | undefined): column is CellColumn {
    if (column === undefined) return false;
    if (column.type === "cell") return true;
    setOffer(column);
    return false;
  }

  function thresholdOf(column: CellColumn): number | null {
    const cell = model.node(column)?.cells[0];
    const threshold = model.notebook.store.view.cells[cell ?? ""]?.configuration["threshold"];
    return typeof threshold === "number" ? threshold : null;
  }

  /** Adds what a text is in each of a column's results of a row. Throws `sheet.entry` where it is none of the column's. */
  async function add(entries: Map<string, Entry>, row: GridRow, column: CellColumn, text: string): Promise<void> {
    const taken = { ...column, threshold: thresholdOf(column) };
    const replaced = await Promise.all(column.places.map((_, index) => before(entries, row, column, index)));
    const known = replaced.find((value) => value !== null) ?? null;
    for (const [index, own] of replaced.entries()) {
      // A repeat without an answer has no other fields to go with this one.
      if (own === null && known !== null && column.field !== null) continue;
      const entered = enterValue(taken, own ?? known, text);
      if (entered.type === "refused")
        throw refusal({ code: "sheet.entry", message: entered.message, cure: entered.cure });
      entries.set(model.address(row, column, index), { row: row.row, column, note: entered.note });
    }
  }

  /** The value that is replaced in one of a column's results, as far as its type and fields matter. */
  async function before(entries: Entries, row: GridRow, column: CellColumn, index: number): Promise<Value | null> {
    if (column.kind === "label" || column.kind === "score") return null;
    const entered = entries.get(model.address(row, column, index))?.note;
    if (entered?.type === "edited") return entered.value;
    const place = column.places[index]!;
    const cell = row.cells[column.cell]?.[place] ?? null;
    // Of a long value that is no text the page has a text.
    return cell === null || cell.length === null
      ? (cell?.value ?? null)
      : model.value(row, { ...column, places: [place] });
  }

  async function put(
    range: GridRange,
    textAt: (row: number, column: number) => string | null,
    others: Entries,
  ): Promise<void> {
    const wanted = columns().slice(range.left, range.right + 1);
    if (!wanted.some((column) => column.type === "cell")) return void takes(wanted[0]);
    const entries = new Map(others);
    const left = new Set<GridColumn>();
    const there = await selectedRows(model, range);
    for (const [index, row] of there.entries())
      for (const [at, column] of wanted.entries()) {
        const text = textAt(index, at);
        if (text === null) continue;
        if (column.type === "row") left.add(column);
        else await add(entries, row, column, text);
      }
    if (left.size > 0)
      toasts.say(
        `${left.size === 1 ? "A column comes" : `${left.size} columns come`} from a file or SQL and stayed as it was.`,
      );
    const count = cellCount(entries);
    if (count === 0) return;
    await keep(count === 1 ? titleOf(firstColumn(entries)) : `entering ${count} cells`, entries);
  }

  async function takeBack(range: GridRange): Promise<Entries> {
    const wanted = columns().slice(range.left, range.right + 1);
    const entries = new Map<string, Entry>();
    for (const row of await selectedRows(model, range))
      for (const column of wanted) {
        if (column.type === "row") continue;
        for (const [index, place] of column.places.entries())
          if (isByHand(row.cells[column.cell]?.[place] ?? null, column))
            entries.set(model.address(row, column, index), { row: row.row, column, note: clearedValue(column) });
      }
    return entries;
  }

  async function clear(range: GridRange): Promise<void> {
    const wanted = columns().slice(range.left, range.right + 1);
    if (!wanted.some((column) => column.type === "cell")) return void takes(wanted[0]);
    const entries = await takeBack(range);
    if (entries.size === 0) return toasts.say("Nothing entered by hand is here.");
    const count = cellCount(entries);
    await keep(`clearing ${count === 1 ? firstColumn(entries).cell : `${count} cells`}`, entries);
  }

  return {
    takes,
    offer,
    closeOffer: () => void setOffer(null),
    async enter(row, column, text) {
      const entries = new Map<string, Entry>();
      await add(entries, row, column, text);
      await keep(titleOf(column), entries);
    },
    put,
    takeBack,
    clear,
  };
}

function titleOf(column: CellColumn): string {
  return column.kind === "label" ? `labelling ${column.cell}` : `editing ${column.cell} by hand`;
}

/** How many cells of the grid entries are in: repeats are one. */
function cellCount(entries: Entries): number {
  return new Set([...entries.values()].map(({ row, column }) => `${row} ${column.id}`)).size;
}

function firstColumn(entries: Entries): CellColumn {
  return entries.values().next().value!.column;
}

function isByHand(cell: SheetCell | null, { kind }: CellColumn): boolean {
  return cell !== null && (kind === "label" || cell.freshness.state === "edited");
}
