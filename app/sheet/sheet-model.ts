import {
  batch,
  createComputed,
  createEffect,
  createMemo,
  createSignal,
  on,
  onCleanup,
  untrack,
  type Accessor,
} from "solid-js";
import { addressText, parseAddress } from "#server/notebook/address.ts";
import type { SheetView as RowsView } from "#server/notebook/sheet-view.ts";
import type { Datum, Value } from "#server/notebook/value.ts";
import type { SheetCell } from "#server/runner/sheet-rows.ts";
import { toValue } from "#server/notebook/value.ts";
import type { CellView, NodeView, SheetView } from "#server/workbench/view.ts";
import { useNotebook, type NotebookContextValue } from "~/notebook/notebook-context";
import { cellLook, type CellLook } from "./cell-look";
import { cellWork } from "./cell-work";
import { createColumnFigures, type ColumnFiguresSignal } from "./column-figures";
import { columnSlots, leadOf, type ColumnSlot } from "./column-slots";
import { guessWidth, labelRoom } from "./guess-width";
import { carried } from "./follow-rename";
import { createGuessedWidths } from "./guessed-widths";
import { sheetColumns, type CellColumn, type GridColumn } from "./columns";
import {
  headerRow,
  keptWithin,
  movedRows,
  selectionAt,
  type GridPlace,
  type GridSelection,
  type GridSize,
} from "./grid/selection";
import type { Stacks } from "./grid/stacks";
import { inspectorIsShown } from "~/inspector/beside-screen";
import { sameOnes } from "~/ui/same-ones";
import { sameJson } from "~/ui/same-json";
import { arranged, readSettings, writeSettings, type SheetSettings } from "./settings";
import { createSheetApi, type SheetApi } from "./sheet-api";
import { scoreOf } from "./score-of";
import { tellAtRest } from "./tell-at-rest";
import { createSheetRows, type GridRow, type SheetRowsSignal } from "./sheet-rows-signal";

/** What all parts of a sheet's screen share: what is looked at, how it is arranged, and what is selected. */
export interface SheetModel {
  readonly id: string;
  readonly notebook: NotebookContextValue;
  readonly api: SheetApi;
  readonly sheet: Accessor<SheetView | undefined>;
  readonly cell: Accessor<CellView | undefined>;
  readonly settings: Accessor<SheetSettings>;
  /** Changes how it is arranged, and remembers that. */
  arrange(change: Partial<SheetSettings>): void;
  /** Every column there is, and those shown, pinned ones first. */
  readonly allColumns: Accessor<readonly GridColumn[]>;
  readonly columns: Accessor<readonly GridColumn[]>;
  /** The columns shown by their places across. */
  readonly slots: Accessor<readonly ColumnSlot[]>;
  slotOf(column: GridColumn): ColumnSlot;
  isPinned(column: GridColumn): boolean;
  widthOf(column: GridColumn): number;
  node(column: CellColumn): NodeView | undefined;
  /** What was typed to be looked for; the view has it once typing rests. */
  readonly sought: Accessor<string>;
  setSought(text: string): void;
  readonly view: Accessor<RowsView>;
  readonly rows: SheetRowsSignal;
  /** Whether rows are read with what is hidden of them. */
  setWhole(whole: boolean): void;
  /** Whether there are rows to show, or are about to be. */
  readonly hasRows: Accessor<boolean>;
  /** Rows of the whole sheet, as far as is known. */
  readonly rowCount: Accessor<number>;
  /** Whether its columns can be drawn where they stay: all of them are known, and how wide they are. Once true, it stays so. */
  readonly isDrawn: Accessor<boolean>;
  readonly figures: ColumnFiguresSignal;
  /** Columns in sight, whose figures are worth working out. */
  setSeen(columns: readonly GridColumn[]): void;
  readonly selection: Accessor<GridSelection>;
  /** Brings a place into sight, in the grid that is mounted. */
  reveal(place: GridPlace): void;
  /** Gives the grid the focus. */
  focus(): void;
  /** Whether what is typed is the grid's: nothing else on the page has the focus. */
  hasFocus(): boolean;
  /** How these are done; the grid says it. */
  setGrid(grid: Pick<SheetModel, "reveal" | "focus" | "hasFocus">): void;
  /** Selects, and tells the inspector of the cell that is typed into. */
  select(selection: GridSelection): void;
  size(): GridSize;
  setPage(rows: number): void;
  readonly activeColumn: Accessor<GridColumn | undefined>;
  readonly activeRow: Accessor<GridRow | undefined>;
  look(row: GridRow, column: CellColumn): CellLook;
  /** All labels of a column's variant; of repeats those of one, by its place. */
  variantAt(column: CellColumn, place?: number): CellColumn["at"];
  /** The address of a result; of repeats that of one, by its place. */
  address(row: GridRow, column: CellColumn, place?: number): string;
  /** The whole value at a place; null where there is none. */
  value(row: GridRow, column: GridColumn): Promise<Value | null>;
}

/** Milliseconds after a key until what is looked for is looked for. */
const typingRests = 200;

const isScore = (column: GridColumn): boolean => column.type === "cell" && column.kind === "score";

export function createSheetModel(id: string): SheetModel {
  const notebook = useNotebook();
  const { store, select: selectInNotebook } = notebook;
  const api = createSheetApi(store.path, id);
  const sheet = (): SheetView | undefined => store.view.sheets[id];
  const [settings, setSettings] = createSignal(readSettings(localStorage, store.path, id));
  createComputed(on(carried, () => setSettings(readSettings(localStorage, store.path, id)), { defer: true }));
  const [sought, setSought] = createSignal("");
  const [search, setSearch] = createSignal("");
  createEffect(() => {
    const text = sought();
    const timer = setTimeout(() => setSearch(text.trim()), text === "" ? 0 : typingRests);
    onCleanup(() => clearTimeout(timer));
  });
  const [isWhole, setWhole] = createSignal(false);
  const [seen, setSeen] = createSignal<readonly GridColumn[]>([]);
  const [page, setPage] = createSignal(20);
  const [selection, setSelection] = createSignal<GridSelection>(selectionAt({ row: 0, column: 0 }));

  const allColumns = createMemo((before: readonly GridColumn[]) => {
    const now = sheet();
    return now === undefined ? [] : sameOnes(before, sheetColumns(now, store.view, settings().open));
  }, []);
  const slots = createMemo(
    (before: readonly ColumnSlot[]) =>
      sameOnes(before, columnSlots(arranged(allColumns(), settings()), settings(), allColumns())),
    [],
  );
  const columns = createMemo(() => slots().flatMap(({ lines }) => lines.map(({ column }) => column)));
  const slotByColumn = createMemo(
    () => new Map(slots().flatMap((slot) => slot.lines.map(({ column }) => [column.id, slot] as const))),
  );
  const slotOf = (column: GridColumn): ColumnSlot =>
    slotByColumn().get(column.id) ?? { head: column, lines: [{ column, line: null, label: "" }] };
  const view = createMemo((): RowsView => ({ filters: settings().filters, sort: settings().sort, search: search() }));

  /** What is asked of each row: the columns that are shown, or all, and the scores that judge them. */
  const asked = createMemo(
    () => {
      const wanted = isWhole() ? allColumns() : columns();
      const cells = wanted.flatMap((column) =>
        column.type === "row" ? [] : [column.cell, ...(column.score === null ? [] : [column.score])],
      );
      return {
        view: view(),
        columns: wanted.flatMap((column) => (column.type === "row" ? [column.name] : [])),
        cells: [...new Set(cells)],
      };
    },
    undefined,
    { equals: sameJson },
  );
  const rows = createSheetRows(api, () => untrack(asked));
  createEffect(on(asked, () => rows.reset(), { defer: true }));
  const version = createMemo(() => sheet()?.version);
  createEffect(on(version, () => rows.changed(), { defer: true }));
  /** The footer has the scores, in sight or not. */
  const summed = createMemo(() => [...new Set([...seen(), ...columns().filter(isScore)])]);
  const figures = createColumnFigures(api, summed, view, () => version() ?? 0, rows.isReading);

  const guessed = createGuessedWidths(`${store.path} ${id}`, rows, columns);
  const isDrawn = createMemo(
    (before: boolean) =>
      before ||
      rows.total() === 0 ||
      (sheet()?.rowCount != null &&
        columns().every(
          ({ type, id: column }) => type === "cell" || column in settings().widths || guessed().has(column),
        )),
    false,
  );

  const stacks = createMemo((): Stacks => {
    const places = new Map(columns().map(({ id: column }, index) => [column, index]));
    return slots().map(({ lines }) => lines.map(({ column, line }) => ({ column: places.get(column.id)!, line })));
  });
  const size = (): GridSize => ({
    rows: rows.total() ?? 0,
    columns: columns().length,
    page: page(),
    stacks: stacks(),
  });

  let grid: Parameters<SheetModel["setGrid"]>[0] | null = null;
  /** The identity of the row the active cell is in: where it moves, the selection goes with it. */
  let activeId: string | null = null;
  createEffect(
    on([rows.version, columns], () => {
      const now = untrack(selection);
      const { row } = now.active;
      const there = row === headerRow ? undefined : rows.row(row)?.row;
      if (activeId !== null && there !== undefined && there !== activeId) {
        const place = rows.placeOf(activeId);
        if (place >= 0) return void setSelection(movedRows(now, place - row, size()));
      }
      if (there !== undefined && there !== activeId) {
        const gone = activeId;
        activeId = there;
        // The row that is explained is gone, or far away: the one in its place is explained.
        const { address: explained } = untrack(notebook.selection);
        if (gone !== null && explained !== null && parseAddress(explained).at[id] === gone) untrack(tellActive);
      }
      if (rows.total() == null) return;
      const kept = keptWithin(now, size());
      if (JSON.stringify(kept) !== JSON.stringify(now)) setSelection(kept);
    }),
  );

  const activeColumn = (): GridColumn | undefined => columns()[selection().active.column];
  const activeRow = (): GridRow | undefined =>
    selection().active.row === headerRow ? undefined : rows.row(selection().active.row);

  function address(row: GridRow, column: CellColumn, place = 0): string {
    const variant = row.cells[column.cell]?.[column.places[place] ?? 0]?.at ?? variantAt(column, place);
    return addressText({ cell: column.node, at: { ...variant, [id]: row.row } });
  }

  function variantAt(column: CellColumn, place = 0): CellColumn["at"] {
    const repeats = store.view.nodes[column.node]?.axes.find(({ name }) => name === "repeat");
    const label = repeats?.labels[place];
    return label === undefined ? column.at : { ...column.at, repeat: label };
  }

  /** The result the inspector explains: while it shows whole rows, any of the row will do. */
  function addressIn(row: GridRow, column: GridColumn | undefined): string | null {
    const all = [...columns(), ...allColumns()];
    const one = column?.type === "cell" || !inspectorIsShown() ? column : all.find(({ type }) => type === "cell");
    return one?.type === "cell" ? address(row, one) : null;
  }

  const tellNotebook = tellAtRest(selectInNotebook, onCleanup);

  function tellActive(): void {
    const row = activeRow();
    tellNotebook({
      cell: store.view.cells[id]?.path ?? id,
      mode: "command",
      address: row === undefined ? null : addressIn(row, activeColumn()),
    });
  }

  function select(next: GridSelection): void {
    batch(() => {
      setSelection(next);
      activeId = activeRow()?.row ?? null;
      tellActive();
    });
  }

  const cellsAt = (row: GridRow, { cell, places }: CellColumn): readonly (SheetCell | null)[] =>
    row.cells[cell] === undefined ? [] : places.map((place) => row.cells[cell]![place] ?? null);

  return {
    id,
    notebook,
    api,
    sheet,
    cell: () => store.view.cells[id],
    settings,
    arrange(change) {
      const next = { ...settings(), ...change };
      writeSettings(localStorage, store.path, id, next);
      setSettings(next);
    },
    allColumns,
    columns,
    slots,
    slotOf,
    isPinned: ({ id: column }) => settings().pinned.includes(column),
    widthOf(column) {
      const slot = slotOf(column);
      const lead = leadOf(slot);
      const own = settings().widths[lead.id];
      if (own !== undefined) return own;
      if (slot.lines[0]!.line !== null) return guessWidth(slot.head, []) + labelRoom(slot);
      return guessed().get(lead.id) ?? guessWidth(lead, []);
    },
    node: (column) => store.view.nodes[column.node],
    sought,
    setSought,
    view,
    rows,
    setWhole,
    hasRows: () => (rows.total() === undefined ? sheet()?.rowCount : rows.total()) != null,
    rowCount: () => Math.max(rows.rowCount(), sheet()?.rowCount ?? 0),
    isDrawn,
    figures,
    setSeen,
    selection,
    reveal: (place) => grid?.reveal(place),
    focus: () => grid?.focus(),
    hasFocus: () => grid?.hasFocus() ?? false,
    setGrid: (mounted) => void (grid = mounted),
    select,
    size,
    setPage,
    activeColumn,
    activeRow,
    look(row, column) {
      const look = cellLook(
        cellsAt(row, column),
        cellWork(id, store.view, { row, column }, (place) => address(row, column, place)),
        column.field,
        column.places.map((place) => scoreOf(row, column, place)),
      );
      // Every label is entered by hand: that needs no mark.
      return column.kind === "label" && look.mark === "edited" ? { ...look, mark: null, word: "", tooltip: "" } : look;
    },
    variantAt,
    address,
    async value(row, column) {
      if (column.type === "row") {
        if (row.lengths[column.name] === undefined) return toValue(row.values[column.name] ?? null);
        const whole = await api.whole(column.name, [row.row]);
        return toValue((whole?.[0] ?? null) as Datum);
      }
      const cell = row.cells[column.cell]?.[column.places[0]!] ?? null;
      if (cell === null) return null;
      const isShort = cell.length !== null || cell.value?.type === "table";
      if (!isShort) return cell.value;
      return ((await api.cell(row.row, column.cell, cell.at))?.value ?? null) as Value | null;
    },
  };
}
