import { createSignal, type Accessor } from "solid-js";
import { toasts } from "../ui/toasts";
import type { CellColumn, GridColumn } from "./columns";
import { isWithin, rangeOf, stepped, type GridRange } from "./grid/selection";
import { keepNotes } from "./keep-notes";
import { selectedRows, textAt, textNow, textsOfRange } from "./read-range";
import { createSheetClipboard, type SheetClipboard } from "./sheet-clipboard";
import { createSheetEntries, type SheetEntries } from "./sheet-entries";
import type { SheetModel } from "./sheet-model";
import type { GridRow } from "./sheet-rows-signal";
import { createSheetRuns, type SheetRuns } from "./sheet-runs";
import { told } from "./tell";

/** A cell that is being typed into. */
export interface Editing {
  readonly row: GridRow;
  readonly column: CellColumn;
  /** What the editor begins with. */
  readonly text: string;
  /** What stands there; null where it was not read. */
  readonly stood: string | null;
  /** Typed over: the first key replaces what was there. */
  readonly typed: boolean;
}

/** What a person can do with the cells of a sheet. */
export interface SheetHands extends SheetClipboard, SheetRuns, Pick<SheetEntries, "offer" | "closeOffer"> {
  readonly editing: Accessor<Editing | null>;
  /** Begins to edit the active cell; says why where it cannot be. */
  edit(typed?: string): Promise<void>;
  /** Keeps what was typed, and goes on to the next cell; nothing where another is typed into by now. */
  commit(ended: Editing, text: string, go: "down" | "up" | "right" | "left" | "stay"): Promise<void>;
  cancelEdit(): void;
  /** Takes back what was entered into the selection. */
  clear(): Promise<void>;
  /** Goes on with what the first cells of a range have: labels are copied, computed cells are run. */
  goOn(from: GridRange, to: GridRange): Promise<void>;
  lock(range: GridRange, locked: boolean): Promise<void>;
  /** Sets the notebook's inputs to what a row binds them to. */
  openAsInputs(row: GridRow): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  addLabelColumn(name: string): Promise<void>;
}

export function createSheetHands(model: SheetModel): SheetHands {
  const { notebook, api, selection, columns } = model;
  const { actions } = notebook;
  const [editing, setEditing] = createSignal<Editing | null>(null);
  /** What was typed and could not be kept, by its place, and what stood there: while that stands, the editor begins with it. */
  const unkept = new Map<string, { readonly text: string; readonly over: string }>();
  const placeOf = (row: GridRow, column: CellColumn): string => `${row.row} ${column.id}`;
  const entries = createSheetEntries(model);
  const runs = createSheetRuns(model);

  async function edit(typed?: string): Promise<void> {
    const column = model.activeColumn();
    const row = model.activeRow();
    if (row === undefined || !entries.takes(column)) return;
    const left = unkept.get(placeOf(row, column));
    const begun = typed ?? (left?.over === standing(row, column) ? left.text : undefined);
    const isTyped = typed !== undefined;
    if (begun !== undefined) return void setEditing({ row, column, text: begun, stood: null, typed: isTyped });
    const hadFocus = model.hasFocus();
    await told(async () => {
      const text = await textAt(model, row, column);
      // Who has gone on is not called back.
      if (editing() !== null || (hadFocus && !model.hasFocus())) return;
      if (model.activeRow()?.row !== row.row || model.activeColumn() !== column) return;
      setEditing({ row, column, text, stood: text, typed: false });
    });
  }

  async function commit(ended: Editing, text: string, go: "down" | "up" | "right" | "left" | "stay"): Promise<void> {
    if (editing() !== ended) return;
    cancelEdit();
    const { row, column } = ended;
    const from = selection();
    if (go !== "stay") {
      const along = go === "down" || go === "up" ? "row" : "column";
      model.select(stepped(from, along, go === "down" || go === "right" ? 1 : -1, model.size()));
    }
    const to = selection();
    if (text === ended.stood) return;
    if (await told(() => entries.enter(row, column, text))) return;
    unkept.set(placeOf(row, column), { text, over: standing(row, column) });
    // Who has gone on is not called back.
    if (go === "stay" || editing() !== null || selection() !== to || !model.hasFocus()) return;
    model.select(from);
    setEditing({ ...ended, text });
  }

  function cancelEdit(): void {
    const now = editing();
    if (now !== null) unkept.delete(placeOf(now.row, now.column));
    setEditing(null);
  }

  async function goOn(from: GridRange, to: GridRange): Promise<void> {
    const wanted = columns().slice(to.left, to.right + 1);
    const computed = wanted.filter((column) => column.type === "cell" && !isLabel(column)) as CellColumn[];
    if (computed.length > 0) await runs.runRange(to, computed);
    if (wanted.every((column) => column.type === "row")) return void entries.takes(wanted[0]);
    if (!wanted.some(isLabel)) return;
    const source = await textsOfRange(model, from);
    const at = (place: number, first: number, count: number): number => (((place - first) % count) + count) % count;
    const textAt = (row: number, column: number): string | null => {
      const place = { row: to.top + row, column: to.left + column };
      if (!isLabel(wanted[column]!) || isWithin(from, place)) return null;
      const line = source[at(place.row, from.top, source.length)]!;
      return line[at(place.column, from.left, line.length)]!;
    };
    await entries.put(to, textAt, new Map());
  }

  async function lock(range: GridRange, locked: boolean): Promise<void> {
    const there = await selectedRows(model, range);
    const type = locked ? "locked" : "unlocked";
    // The fields of an answer are columns of one result.
    const addresses = new Set<string>();
    for (const column of columns().slice(range.left, range.right + 1)) {
      if (column.type === "row" || column.kind === "label") continue;
      for (const row of there)
        for (const [index, place] of column.places.entries())
          if (canLock(row.cells[column.cell]?.[place] ?? null, locked))
            addresses.add(model.address(row, column, index));
    }
    const notes = [...addresses].map((address) => ({ address, type }));
    if (notes.length === 0) return toasts.say(locked ? "There is no value to lock yet." : "No value is locked here.");
    const count = notes.length === 1 ? "a value" : `${notes.length} values`;
    await keepNotes(api, `${locked ? "locking" : "unlocking"} ${count}`, notes);
    toasts.say(
      `${locked ? "Locked" : "Unlocked"} ${count}: ${locked ? "no run changes it." : "runs compute it again."}`,
    );
  }

  return {
    editing,
    edit,
    commit,
    cancelEdit,
    ...createSheetClipboard(model, entries),
    clear: async () => void (await told(() => entries.clear(rangeOf(selection())))),
    goOn: async (from, to) => void (await told(() => goOn(from, to))),
    ...runs,
    lock: async (range, locked) => void (await told(() => lock(range, locked))),
    async openAsInputs(row) {
      await told(async () => {
        const inputs = await api.rowInputs(row.row);
        if (inputs === null) return;
        const problem = await actions.setInputs(inputs as never);
        if (problem === null) toasts.say(`The inputs are those of row ${row.ordinal}.`);
        else toasts.problem(problem);
      });
    },
    undo: async () => void (await told(() => actions.undo())),
    redo: async () => void (await told(() => actions.redo())),
    offer: entries.offer,
    closeOffer: entries.closeOffer,
    async addLabelColumn(name) {
      entries.closeOffer();
      const { path } = model.cell() ?? { path: model.id };
      await actions.edit([{ type: "insert", at: { endOf: path }, text: `\`\`\`label ${name}\ntype: string\n\`\`\`` }]);
    },
  };
}

function isLabel(column: GridColumn): boolean {
  return column.type === "cell" && column.kind === "label";
}

/** What stands in a cell, to tell it from what is entered later: its text, or of a long one what is known without asking. */
function standing(row: GridRow, column: CellColumn): string {
  const known = column.places.map((place) => row.cells[column.cell]?.[place]);
  return textNow(row, column) ?? JSON.stringify(known.map((cell) => [cell?.value, cell?.length]));
}

function canLock(cell: GridRow["cells"][string][number], locked: boolean): boolean {
  if (cell === null) return false;
  return locked ? cell.override !== "locked" && cell.value !== null : cell.override === "locked";
}
