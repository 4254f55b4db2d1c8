import { createMemo, createSignal } from "solid-js";
import type { GridColumn } from "./columns";
import { columnWindow, lastAtOrBefore, placeColumns } from "./grid/column-window";
import { offsetShowing, rowWindow, slotCount } from "./grid/row-window";
import { atStart, broughtTo, scrolledTo, type ScrollPosition } from "./grid/scroll-position";
import { headerRow, type GridPlace } from "./grid/selection";
import { headerGroups } from "./header-groups";
import type { SheetModel } from "./sheet-model";

/** Pixels of a row: of one line, or of four. */
const compact = 30;
const wrapped = 92;

/** Where rows and columns of a sheet's grid stand, which of them are in sight, and how others are brought there. `scroller` is the element that scrolls. */
export function createGridLayout(model: SheetModel, scroller: () => HTMLElement) {
  const { columns, widthOf, isPinned, rows, settings } = model;
  const [view, setView] = createSignal({ width: 0, height: 0 });
  const [position, setPosition] = createSignal<ScrollPosition>(atStart);
  const [left, setLeft] = createSignal(0);

  const rowHeight = () => (settings().wrap ? wrapped : compact);
  const rowCount = () => rows.total() ?? 0;
  const pinned = createMemo(() => columns().filter(isPinned));
  const loose = createMemo(() => columns().slice(pinned().length));
  const pinnedPlaces = createMemo(() => placeColumns(pinned().map(widthOf)));
  const loosePlaces = createMemo(() => placeColumns(loose().map(widthOf)));
  /** Room for the largest number, and the button beside it. */
  const numberWidth = () => 34 + 8 * Math.max(2, String(rows.rowCount()).length);
  const frozen = () => numberWidth() + pinnedPlaces().width;
  const groups = createMemo(() => headerGroups(columns()).filter((group) => group.columns.length > 1));
  const headHeight = () => (groups().length > 0 ? 76 : 56);
  const bodyView = () => Math.max(0, view().height - headHeight());
  const size = () => ({ content: rowCount() * rowHeight(), view: bodyView() });
  const window = createMemo(() => rowWindow(position().offset, bodyView(), rowHeight(), rowCount()), undefined, {
    equals: (before, after) => before.first === after.first && before.last === after.last,
  });
  const slots = createMemo(() => slotCount(bodyView(), rowHeight(), rowCount()));
  /** What rows are moved by on a canvas that is not as high as all of them. */
  const shift = () => position().top - position().offset;
  const seen = createMemo(
    () => {
      const from = left();
      const { first, last } = columnWindow(loosePlaces(), from, from + Math.max(0, view().width - frozen()));
      return loose().slice(first, last);
    },
    [] as readonly GridColumn[],
    {
      equals: (before, after) =>
        before.length === after.length && before.every((column, index) => column === after[index]),
    },
  );
  const placeOf = (column: GridColumn): { readonly left: number; readonly sticky: boolean } => {
    const index = columns().indexOf(column);
    return index < pinned().length
      ? { left: numberWidth() + (pinnedPlaces().starts[index] ?? 0), sticky: true }
      : { left: frozen() + (loosePlaces().starts[index - pinned().length] ?? 0), sticky: false };
  };

  function onScroll(): void {
    setLeft(scroller().scrollLeft);
    setPosition((before) => scrolledTo(scroller().scrollTop, before, size()));
  }

  function bring(offset: number): void {
    const next = broughtTo(offset, position(), size());
    setPosition(next);
    scroller().scrollTop = next.top;
  }

  function show({ row, column }: GridPlace): void {
    if (row !== headerRow) {
      const offset = offsetShowing(row, position().offset, bodyView(), rowHeight());
      if (offset !== position().offset) bring(offset);
    }
    const index = column - pinned().length;
    const start = loosePlaces().starts[index];
    if (start === undefined) return;
    const room = view().width - frozen();
    const end = start + widthOf(loose()[index]!);
    if (start < left() || end - start > room) scroller().scrollLeft = start;
    else if (end > left() + room) scroller().scrollLeft = end - room;
  }

  /** The cell at a place of the page; rows and columns beyond what is seen are the nearest. */
  function placeAt(x: number, y: number): GridPlace {
    const box = scroller().getBoundingClientRect();
    const inBody = y - box.top - headHeight() + position().offset;
    const row = Math.max(0, Math.min(rowCount() - 1, Math.floor(inBody / rowHeight())));
    const across = x - box.left;
    const column =
      across < frozen()
        ? Math.max(0, lastAtOrBefore(pinnedPlaces().starts, across - numberWidth()))
        : pinned().length + Math.max(0, lastAtOrBefore(loosePlaces().starts, across - frozen() + left()));
    return { row, column: Math.min(columns().length - 1, column) };
  }

  /** The list has other rows: what is seen stays within it. */
  function meet(): void {
    setPosition((before) => scrolledTo(scroller().scrollTop, before, size()));
  }

  const activeIsShown = (): boolean => {
    const { row, column } = model.selection().active;
    const { first, last } = window();
    const at = columns()[column];
    if (at === undefined || (row !== headerRow && (row < first || row >= last))) return false;
    return isPinned(at) || seen().includes(at);
  };

  return {
    view,
    setView,
    position,
    rowHeight,
    rowCount,
    pinned,
    numberWidth,
    frozen,
    width: () => frozen() + loosePlaces().width,
    groups,
    headHeight,
    bodyView,
    size,
    window,
    slots,
    shift,
    seen,
    placeOf,
    placeAt,
    onScroll,
    bring,
    meet,
    show,
    activeIsShown,
  };
}

export type GridLayout = ReturnType<typeof createGridLayout>;
