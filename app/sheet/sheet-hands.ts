import { createSignal, type Accessor } from "solid-js";
import type { RowScope } from "#server/notebook/plan.ts";
import type { Estimate } from "#server/runner/estimate.ts";
import type { RunRequest } from "~/notebook/notebook-actions";
import type { Value } from "#server/notebook/value.ts";
import { problemOf } from "~/api";
import { toasts } from "~/ui/toasts";
import type { CellColumn, GridColumn } from "./columns";
import { clearedValue, enterValue, type EnteredNote } from "./enter-value";
import { cellsIn, headerRow, rangeOf, stepped, type GridRange } from "./grid/selection";
import { parseTsv, printTsv } from "./grid/tsv";
import { mostCells, plainText, rowsOfRange, textNow, textsOfRange } from "./read-range";
import type { ChosenRows } from "./run-choices";
import type { SheetModel } from "./sheet-model";
import type { GridRow } from "./sheet-rows-signal";

/** A cell that is being typed into. */
export interface Editing {
  readonly row: GridRow;
  readonly column: CellColumn;
  /** What the editor begins with. */
  readonly text: string;
  /** Typed over: the first key replaces what was there. */
  readonly typed: boolean;
}

/** What a person can do with the cells of a sheet. */
export interface SheetHands {
  readonly editing: Accessor<Editing | null>;
  /** Begins to edit the active cell; says why where it cannot be. */
  edit(typed?: string): Promise<void>;
  /** Keeps what was typed, and goes on to the next cell. */
  commit(text: string, go: "down" | "up" | "right" | "left" | "stay"): Promise<void>;
  cancelEdit(): void;
  copy(event: ClipboardEvent, cut: boolean): void;
  paste(event: ClipboardEvent): void;
  clear(): Promise<void>;
  /** Goes on with what the first cells of a range have: labels are copied, computed cells are run. */
  goOn(from: GridRange, to: GridRange): Promise<void>;
  /** The rows that were chosen to be run, and how many; null where there is none. Throws what the server says. */
  rowsOf(chosen: ChosenRows): Promise<{ readonly rows: RowScope; readonly count: number } | null>;
  /** What a run of them would send now. */
  estimate(column: CellColumn, rows: RowScope): Promise<Estimate>;
  run(column: CellColumn, rows: ChosenRows, title: string): Promise<void>;
  runSelection(): Promise<void>;
  lock(range: GridRange, locked: boolean): Promise<void>;
  /** Sets the notebook's inputs to what a row binds them to. */
  openAsInputs(row: GridRow): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** A column that cannot be typed into, for which a label column is offered. */
  readonly offer: Accessor<GridColumn | null>;
  closeOffer(): void;
  addLabelColumn(name: string): Promise<void>;
}

interface Target {
  readonly row: GridRow;
  readonly column: CellColumn;
  readonly note: EnteredNote;
}

export function createSheetHands(model: SheetModel): SheetHands {
  const { notebook, api, selection, columns, rows } = model;
  const { actions } = notebook;
  const [editing, setEditing] = createSignal<Editing | null>(null);
  const [offer, setOffer] = createSignal<GridColumn | null>(null);
  /** What was copied last, and of which cells: what is filled or pasted elsewhere may be cut. */
  let cutFrom: { readonly text: string; readonly range: GridRange } | null = null;

  async function told(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (thrown) {
      toasts.problem(problemOf(thrown));
      return false;
    }
  }

  async function keep(title: string, targets: readonly Target[]): Promise<boolean> {
    if (targets.length === 0) return true;
    const notes = targets.flatMap(({ row, column, note }) =>
      column.places.map((_, place) => ({ ...note, address: model.address(row, column, place) })),
    );
    return told(() => api.note(title, notes));
  }

  /** Why a column takes no entry: its values come from a file or SQL. */
  function isTyped(column: GridColumn | undefined): column is CellColumn {
    if (column === undefined) return false;
    if (column.type === "cell") return true;
    setOffer(column);
    return false;
  }

  function enter(row: GridRow, column: CellColumn, before: Value | null, text: string): Target | null {
    const entered = enterValue(column, before, text);
    if (entered.type === "note") return { row, column, note: entered.note };
    toasts.problem({ code: "sheet.entry", message: entered.message, cure: entered.cure });
    return null;
  }

  async function edit(typed?: string): Promise<void> {
    const column = model.activeColumn();
    const row = model.activeRow();
    if (row === undefined || !isTyped(column)) return;
    const known = typed ?? textNow(row, column);
    const text = known ?? plainText((await model.value(row, column)) ?? { type: "null" }, column.field);
    setEditing({ row, column, text, typed: typed !== undefined });
  }

  async function commit(text: string, go: "down" | "up" | "right" | "left" | "stay"): Promise<void> {
    const now = editing();
    if (now === null) return;
    setEditing(null);
    const { row, column } = now;
    if (go !== "stay") {
      const along = go === "down" || go === "up" ? "row" : "column";
      model.select(stepped(selection(), along, go === "down" || go === "right" ? 1 : -1, model.size()));
    }
    const before = await model.value(row, column);
    if (!now.typed && text === now.text) return;
    const target = enter(row, column, before, text);
    if (target !== null) await keep(titleOf(column), [target]);
  }

  function titleOf(column: CellColumn): string {
    return column.kind === "label" ? `labelling ${column.cell}` : `editing ${column.cell} by hand`;
  }

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
    const done = await put(
      to,
      (row, column) => texts[row % texts.length]![column % texts[row % texts.length]!.length] ?? "",
    );
    if (!done) return;
    if (cut !== null) await clearRange(cut);
    model.select({
      ...selection(),
      anchor: { row: to.top, column: to.left },
      head: { row: to.bottom, column: to.right },
    });
  }

  /** Enters texts into the cells of a range. Columns that take none are left out, and that is said. */
  async function put(range: GridRange, textAt: (row: number, column: number) => string): Promise<boolean> {
    const wanted = columns().slice(range.left, range.right + 1);
    if (!wanted.some((column) => column.type === "cell")) return isTyped(wanted[0]);
    const targets: Target[] = [];
    const there = await rowsOfRange(model, range);
    for (const [index, row] of there.entries())
      for (const [at, column] of wanted.entries()) {
        if (column.type === "row") continue;
        const target = enter(row, column, await before(row, column), textAt(index, at));
        if (target === null) return false;
        targets.push(target);
      }
    const left = wanted.filter(({ type }) => type === "row").length;
    if (left > 0)
      toasts.say(`${left === 1 ? "A column comes" : `${left} columns come`} from a file or SQL and stayed as it was.`);
    return keep(targets.length === 1 ? titleOf(targets[0]!.column) : `entering ${targets.length} cells`, targets);
  }

  /** The value that is replaced, as far as its type and fields matter. */
  async function before(row: GridRow, column: CellColumn): Promise<Value | null> {
    const cell = row.cells[column.cell]?.[column.places[0]!] ?? null;
    return column.field === null ? (cell?.value ?? null) : model.value(row, column);
  }

  async function clearRange(range: GridRange): Promise<void> {
    const wanted = columns().slice(range.left, range.right + 1);
    if (!wanted.some((column) => column.type === "cell")) return void isTyped(wanted[0]);
    const targets = (await rowsOfRange(model, range)).flatMap((row) =>
      wanted.flatMap((column): Target[] =>
        column.type === "cell" && isByHand(row, column) ? [{ row, column, note: clearedValue(column) }] : [],
      ),
    );
    if (targets.length === 0) return toasts.say("Nothing entered by hand is here.");
    await keep(
      targets.length === 1 ? `clearing ${targets[0]!.column.cell}` : `clearing ${targets.length} cells`,
      targets,
    );
  }

  async function goOn(from: GridRange, to: GridRange): Promise<void> {
    const wanted = columns().slice(to.left, to.right + 1);
    const computed = wanted.filter((column) => column.type === "cell" && column.kind !== "label");
    if (computed.length > 0) {
      const ids = (await rowsOfRange(model, to)).map(({ row }) => row);
      for (const column of new Map(computed.map((each) => [(each as CellColumn).cell, each as CellColumn])).values())
        await run(
          column,
          { type: "scope", scope: { type: "rows", rows: ids } },
          `${column.cell} of ${ids.length} rows`,
        );
    }
    if (wanted.every((column) => column.type === "row")) return void isTyped(wanted[0]);
    const labels = wanted.flatMap((column, index) =>
      column.type === "cell" && column.kind === "label" ? [index] : [],
    );
    if (labels.length === 0) return;
    const source = await textsOfRange(model, from);
    const height = from.bottom - from.top + 1;
    for (const index of labels) {
      const own = { ...to, left: to.left + index, right: to.left + index };
      await put(own, (row) => {
        const line = (((to.top + row - from.top) % height) + height) % height;
        return source[line]![index] ?? "";
      });
    }
  }

  async function rowsOf(chosen: ChosenRows): ReturnType<SheetHands["rowsOf"]> {
    if (chosen.type === "scope") return { rows: chosen.scope, count: 0 };
    const found = await api.found(model.view(), chosen.scope);
    if (found === null || found.total === 0) return null;
    return { rows: { type: "rows", rows: found.rows }, count: found.total };
  }

  function requestOf(column: CellColumn, rows: RowScope, title: string): RunRequest {
    const scope = { type: "cells", cells: [column.node], at: column.at } as const;
    return { scope, rows: { [model.id]: rows }, title, retryErrors: true };
  }

  async function run(column: CellColumn, chosen: ChosenRows, title: string): Promise<void> {
    await told(async () => {
      const found = await rowsOf(chosen);
      if (found === null) return toasts.say("There is no such row.");
      if (found.rows.type === "rows" && found.rows.rows.length < found.count)
        toasts.say(
          `The first ${found.rows.rows.length.toLocaleString("en")} of ${found.count.toLocaleString("en")} rows are run.`,
        );
      await actions.run(requestOf(column, found.rows, title));
    });
  }

  async function runSelection(): Promise<void> {
    const range = rangeOf(selection());
    if (range.top === headerRow) return;
    const wanted = columns()
      .slice(range.left, range.right + 1)
      .filter((column) => column.type === "cell");
    if (wanted.length === 0)
      return toasts.say("Nothing of the selection is computed: select cells of a computed column.");
    const ids = (await rowsOfRange(model, range)).map(({ row }) => row);
    for (const column of wanted)
      await run(
        column,
        { type: "scope", scope: { type: "rows", rows: ids } },
        `${column.cell} of ${ids.length} ${ids.length === 1 ? "row" : "rows"}`,
      );
  }

  return {
    editing,
    edit,
    commit,
    cancelEdit: () => void setEditing(null),
    copy,
    paste,
    clear: () => clearRange(rangeOf(selection())),
    goOn,
    rowsOf,
    estimate: (column, scope) => api.estimate(requestOf(column, scope, "")),
    run,
    runSelection,
    async lock(range, locked) {
      const there = await rowsOfRange(model, range);
      const notes = columns()
        .slice(range.left, range.right + 1)
        .flatMap((column) =>
          column.type === "row" || column.kind === "label"
            ? []
            : there.flatMap((row) =>
                column.places.flatMap((place, index) =>
                  canLock(row.cells[column.cell]?.[place] ?? null, locked)
                    ? [{ address: model.address(row, column, index), type: locked ? "locked" : "unlocked" }]
                    : [],
                ),
              ),
        );
      if (notes.length === 0) return toasts.say(locked ? "There is no value to lock yet." : "No value is locked here.");
      const count = notes.length === 1 ? "a value" : `${notes.length} values`;
      if (await told(() => api.note(`${locked ? "locking" : "unlocking"} ${count}`, notes)))
        toasts.say(
          `${locked ? "Locked" : "Unlocked"} ${count}: ${locked ? "no run changes it." : "runs compute it again."}`,
        );
    },
    async openAsInputs(row) {
      await told(async () => {
        const inputs = await api.rowInputs(row.row);
        if (inputs === null) return;
        for (const [name, value] of Object.entries(inputs)) await actions.setInput(name, value as never);
        toasts.say(`The inputs are those of row ${row.ordinal}.`);
      });
    },
    undo: async () => void (await told(() => actions.undo())),
    redo: async () => void (await told(() => actions.redo())),
    offer,
    closeOffer: () => void setOffer(null),
    async addLabelColumn(name) {
      setOffer(null);
      const { path } = model.cell() ?? { path: model.id };
      await actions.edit([{ type: "insert", at: { endOf: path }, text: `\`\`\`label ${name}\ntype: string\n\`\`\`` }]);
    },
  };
}

/** How many cells of a range are filled by repeating something so long; what fits in no whole number of times is put once. */
function wholeTimes(length: number, of: number): number {
  return length % of === 0 ? length : of;
}

function isByHand(row: GridRow, { cell, kind, places }: CellColumn): boolean {
  const cells = places.flatMap((place) => row.cells[cell]?.[place] ?? []);
  return cells.some(({ freshness }) => kind === "label" || freshness.state === "edited");
}

function canLock(cell: GridRow["cells"][string][number], locked: boolean): boolean {
  if (cell === null) return false;
  return locked ? cell.override !== "locked" && cell.value !== null : cell.override === "locked";
}
