import { createSignal, type Accessor } from "solid-js";
import { atRest, cellLook, type CellLook } from "./cell-look";
import type { CellColumn, GridColumn } from "./columns";
import { toValue, type Value } from "#server/notebook/value.ts";
import { toasts } from "~/ui/toasts";
import { readThrough, type ReaderItem } from "~/values/reader-state";
import { headerRow, rangeOf, selectionAt } from "./grid/selection";
import { inspectorIsShown, toggleInspector } from "~/inspector/beside-screen";
import { showRowInInspector } from "./row-tab";
import { scoreOf } from "./score-of";
import type { SheetModel } from "./sheet-model";
import type { GridRow } from "./sheet-rows-signal";

/** One of the repeats of a cell, as one goes through them. */
interface Paging {
  readonly row: string;
  readonly column: string;
  readonly place: number;
  readonly count: number;
}

/** What is open over and beside a sheet's grid. */
export interface SheetPanels {
  /** Reads the active cell in full size, or shows by words how it differs from the variant beside it. */
  openReader(): void;
  showDiff(): void;
  /** Gives the variants of the active prompt in its row the whole page; says why where that cannot be. */
  compare(): void;
  /** The row of which everything is shown, by its place in the view. */
  readonly detail: Accessor<number | null>;
  showDetail(row: number | null): void;
  readonly paging: Accessor<Paging | null>;
  /** Goes on to another repeat of the active cell, or begins with the first; false where it has only one. */
  page(by?: 1 | -1): boolean;
  endPaging(): void;
  /** How a cell looks while one goes through its repeats; null while one does not. */
  pagedLook(row: GridRow, column: CellColumn): CellLook | null;
  /** Whether the next Tab leaves the grid. */
  readonly leaving: Accessor<boolean>;
  setLeaving(leaving: boolean): void;
  focusSearch(): void;
  /** The field that `focusSearch` goes to. */
  setSearchField(field: HTMLInputElement): void;
}

/** `compare` does the action of that name. */
export function createSheetPanels(model: SheetModel, compare: () => void): SheetPanels {
  const [detail, setDetail] = createSignal<number | null>(null);
  const [paging, setPaging] = createSignal<Paging | null>(null);
  const [leaving, setLeaving] = createSignal(false);
  let searchField: HTMLInputElement | undefined;

  /** The variants of one cell to compare: the ends of the range, or the active one and its neighbour. */
  function pair(): readonly [CellColumn, CellColumn] | null {
    const { left, right } = rangeOf(model.selection());
    const columns = model.columns();
    const active = model.activeColumn();
    if (active?.type !== "cell") return null;
    const same = columns.filter((column) => column.type === "cell" && column.node === active.node) as CellColumn[];
    const [first, last] = [columns[left], columns[right]];
    if (left !== right && same.includes(first as CellColumn) && same.includes(last as CellColumn))
      return [first as CellColumn, last as CellColumn];
    // The nearest that has something to compare with, those to the right first.
    const own = same.indexOf(active);
    const away = (column: CellColumn): number =>
      Math.abs(same.indexOf(column) - own) - (same.indexOf(column) > own ? 0.5 : 0);
    const others = same.filter((column) => column !== active).toSorted((one, two) => away(one) - away(two));
    const row = model.activeRow();
    const hasValue = ({ cell, places }: CellColumn): boolean => row?.cells[cell]?.[places[0]!]?.value != null;
    const other = others.find(hasValue) ?? others[0];
    return other === undefined ? null : [active, other];
  }

  /** Reads a column of the view from the active row on; the selection goes along. */
  function read(column: GridColumn, against: CellColumn | null, compares: boolean): void {
    const { row } = model.selection().active;
    if (row === headerRow) return;
    readThrough({
      count: model.size().rows,
      first: row,
      compares,
      item: (index) => {
        const one = itemOf(index, column);
        return against === null ? one : { ...one, against: itemOf(index, against) };
      },
      moved(index) {
        const place = { row: index, column: model.columns().indexOf(column) };
        model.select(selectionAt(place));
        model.reveal(place);
      },
      // The dialog gives the focus to nobody.
      closed: () => setTimeout(model.focus),
    });
  }

  function itemOf(index: number, column: GridColumn): ReaderItem {
    const row = model.rows.row(index);
    const words = column.type === "row" ? [column.name] : [column.cell, column.label];
    const label = [...words, `row ${row?.ordinal ?? index + 1}`].filter((word) => word !== "").join(" · ");
    const name = column.type === "row" ? column.name : column.label;
    const none = { label, name, address: null, value: { type: "null" }, full: null } as const;
    if (row === undefined) return none;
    const whole = (): Promise<Value | null> => model.value(row, column);
    if (column.type === "row") {
      const full = row.lengths[column.name] ?? null;
      return { label, name, address: null, value: toValue(row.values[column.name] ?? null), full, whole };
    }
    const cell = row.cells[column.cell]?.[column.places[0]!] ?? null;
    if (cell?.error != null) return { ...none, value: { type: "error", value: cell.error } };
    return { label, name, address: null, value: cell?.value ?? none.value, full: cell?.length ?? null, whole };
  }

  return {
    openReader() {
      const column = model.activeColumn();
      if (column !== undefined) read(column, pair()?.find((each) => each !== column) ?? null, false);
    },
    compare() {
      const [row, column] = [model.activeRow(), model.activeColumn()];
      // The page is told of the active cell a little later than it is gone to.
      if (row !== undefined && column?.type === "cell")
        model.notebook.select({ cell: model.cell()?.path ?? model.id, address: model.address(row, column) });
      compare();
    },
    showDiff() {
      const both = pair();
      if (both === null) toasts.say("Select a cell that has another variant beside it.");
      else read(both[0], both[1], true);
    },
    detail,
    showDetail(row) {
      // The same key that opened it closes it.
      if (inspectorIsShown() && row === model.selection().active.row && detail() === row) {
        setDetail(null);
        return toggleInspector();
      }
      setDetail(row);
      if (row === null) return;
      const computed = model.columns().findIndex((column) => column.type === "cell");
      const active = model.activeColumn();
      const column = active?.type === "cell" ? model.selection().active.column : Math.max(0, computed);
      // Beside whole rows any result of the row is explained, also one that is hidden.
      showRowInInspector();
      model.select(selectionAt({ row, column }));
    },
    paging,
    page(by) {
      const row = model.activeRow();
      const column = model.activeColumn();
      if (row === undefined || column?.type !== "cell" || column.places.length < 2) return false;
      const count = column.places.length;
      const before = paging();
      const place = before === null ? 0 : (before.place + (by ?? 1) + count) % count;
      setPaging({ row: row.row, column: column.id, place, count });
      return true;
    },
    endPaging: () => void setPaging(null),
    pagedLook(row, column) {
      const now = paging();
      if (now === null || now.row !== row.row || now.column !== column.id) return null;
      const place = column.places[now.place]!;
      const cell = row.cells[column.cell]?.[place] ?? null;
      const look = cellLook([cell], atRest, column.field, [scoreOf(row, column, place)]);
      return { ...look, text: `${now.place + 1} of ${now.count}: ${look.text}` };
    },
    leaving,
    setLeaving,
    focusSearch: () => searchField?.focus(),
    setSearchField: (field) => void (searchField = field),
  };
}
