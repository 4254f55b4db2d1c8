import { createSignal, type Accessor } from "solid-js";
import type { Value } from "#server/notebook/value.ts";
import { toasts } from "../ui/toasts";
import type { CellColumn, GridColumn } from "./columns";
import { clearedValue, enterValue, type EnteredNote } from "./enter-value";
import type { GridPlace, GridRange } from "./grid/selection";
import { rowsOfRange } from "./read-range";
import type { SheetModel } from "./sheet-model";
import type { GridRow } from "./sheet-rows-signal";
import { told } from "./tell";

/** One entry of a person: where, and what. */
export interface Entry {
  readonly row: GridRow;
  readonly column: CellColumn;
  readonly note: EnteredNote;
}

/** What people enter into the cells of a sheet. */
export interface SheetEntries {
  /** Whether a column takes entries; one whose values come from a file or SQL is said to, and a label column is offered. */
  takes(column: GridColumn | undefined): column is CellColumn;
  /** A column that takes none, for which a label column is offered. */
  readonly offer: Accessor<GridColumn | null>;
  closeOffer(): void;
  /** Enters one text; where it is none of the column's, that is said. */
  enter(row: GridRow, column: CellColumn, text: string): Promise<void>;
  /** Enters texts into the cells of a range, and with them other entries. Columns that take none are left out, and that is said. */
  put(range: GridRange, textAt: (row: number, column: number) => string, others?: readonly Entry[]): Promise<void>;
  /** What takes back the entries of a range, with the place of each. */
  takeBack(range: GridRange): Promise<readonly (Entry & { readonly place: GridPlace })[]>;
  /** Takes back the entries of a range. */
  clear(range: GridRange): Promise<void>;
}

export function createSheetEntries(model: SheetModel): SheetEntries {
  const { api, columns } = model;
  const [offer, setOffer] = createSignal<GridColumn | null>(null);

  async function keep(title: string, entries: readonly Entry[]): Promise<void> {
    const notes = entries.flatMap(({ row, column, note }) =>
      column.places.map((_, place) => ({ ...note, address: model.address(row, column, place) })),
    );
    if (notes.length > 0) await told(() => api.note(title, notes));
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

  function entryOf(row: GridRow, column: CellColumn, before: Value | null, text: string): Entry | null {
    const entered = enterValue({ ...column, threshold: thresholdOf(column) }, before, text);
    if (entered.type === "note") return { row, column, note: entered.note };
    toasts.problem({ code: "sheet.entry", message: entered.message, cure: entered.cure });
    return null;
  }

  /** Enters texts into the cells of a range. Columns that take none are left out, and that is said. */
  async function put(
    range: GridRange,
    textAt: (row: number, column: number) => string,
    others: readonly Entry[] = [],
  ): Promise<void> {
    const wanted = columns().slice(range.left, range.right + 1);
    if (!wanted.some((column) => column.type === "cell")) return void takes(wanted[0]);
    const entries: Entry[] = [...others];
    const there = await rowsOfRange(model, range);
    for (const [index, row] of there.entries())
      for (const [at, column] of wanted.entries()) {
        if (column.type === "row") continue;
        const entry = entryOf(row, column, await before(row, column), textAt(index, at));
        if (entry === null) return;
        entries.push(entry);
      }
    const left = wanted.filter(({ type }) => type === "row").length;
    if (left > 0)
      toasts.say(`${left === 1 ? "A column comes" : `${left} columns come`} from a file or SQL and stayed as it was.`);
    await keep(entries.length === 1 ? titleOf(entries[0]!.column) : `entering ${entries.length} cells`, entries);
  }

  /** The value that is replaced, as far as its type and fields matter. */
  async function before(row: GridRow, column: CellColumn): Promise<Value | null> {
    const cell = row.cells[column.cell]?.[column.places[0]!] ?? null;
    return column.field === null ? (cell?.value ?? null) : model.value(row, column);
  }

  /** What takes back the entries of a range, with the place of each. */
  async function takeBack(range: GridRange): Promise<readonly (Entry & { readonly place: GridPlace })[]> {
    const wanted = columns().slice(range.left, range.right + 1);
    return (await rowsOfRange(model, range)).flatMap((row, index) =>
      wanted.flatMap((column, at) => {
        if (column.type === "row" || !isByHand(row, column)) return [];
        return [
          { row, column, note: clearedValue(column), place: { row: range.top + index, column: range.left + at } },
        ];
      }),
    );
  }

  async function clear(range: GridRange): Promise<void> {
    const wanted = columns().slice(range.left, range.right + 1);
    if (!wanted.some((column) => column.type === "cell")) return void takes(wanted[0]);
    const entries = await takeBack(range);
    if (entries.length === 0) return toasts.say("Nothing entered by hand is here.");
    const what = entries.length === 1 ? entries[0]!.column.cell : `${entries.length} cells`;
    await keep(`clearing ${what}`, entries);
  }

  return {
    takes,
    offer,
    closeOffer: () => void setOffer(null),
    async enter(row, column, text) {
      const entry = entryOf(row, column, await model.value(row, column), text);
      if (entry !== null) await keep(titleOf(column), [entry]);
    },
    put,
    takeBack,
    clear,
  };
}

function titleOf(column: CellColumn): string {
  return column.kind === "label" ? `labelling ${column.cell}` : `editing ${column.cell} by hand`;
}

function isByHand(row: GridRow, { cell, kind, places }: CellColumn): boolean {
  const cells = places.flatMap((place) => row.cells[cell]?.[place] ?? []);
  return cells.some(({ freshness }) => kind === "label" || freshness.state === "edited");
}
