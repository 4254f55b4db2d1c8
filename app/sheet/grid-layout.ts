import { createMemo, createSignal } from "solid-js";
import { leadOf, linesOfRow, type ColumnSlot } from "./column-slots";
import type { GridColumn } from "./columns";
import { columnWindow, lastAtOrBefore, placeColumns } from "./grid/column-window";
import { offsetShowing, rowWindow, slotCount } from "./grid/row-window";
import { atStart, broughtTo, scrolledTo, type ScrollPosition } from "./grid/scroll-position";
import { headerRow, type GridPlace } from "./grid/selection";
import { columnAt } from "./grid/stacks";
import { labelRoom } from "./guess-width";
import { headerGroups } from "./header-groups";
import type { SheetModel } from "./sheet-model";

/** Pixels of a line: of one of text, or of four. */
const compact = 30;
const wrapped = 92;

/** Where a column stands in a row. */
export interface ColumnPlace {
  readonly left: number;
  readonly sticky: boolean;
  readonly width: number;
  /** Where it stands as a line of its row; null where it is as high as that. */
  readonly line: {
    /** Pixels from the row's top. */
    readonly top: number;
    /** The labels in front, and the pixels those of all lines have. */
    readonly label: string;
    readonly room: number;
    /** Whether another line of its place stands before it. */
    readonly follows: boolean;
  } | null;
}

/** Where rows and columns of a sheet's grid stand, which of them are in sight, and how others are brought there. `scroller` is the element that scrolls. */
export function createGridLayout(model: SheetModel, scroller: () => HTMLElement) {
  const { columns, slots: allSlots, widthOf, isPinned, rows, settings } = model;
  const [view, setView] = createSignal({ width: 0, height: 0 });
  const [position, setPosition] = createSignal<ScrollPosition>(atStart);
  const [left, setLeft] = createSignal(0);

  const lineHeight = () => (settings().wrap ? wrapped : compact);
  const lines = createMemo(() => linesOfRow(allSlots()));
  const rowHeight = () => lineHeight() * lines();
  const rowCount = () => rows.total() ?? 0;
  const pinned = createMemo(() => allSlots().filter((slot) => isPinned(leadOf(slot))));
  const loose = createMemo(() => allSlots().slice(pinned().length));
  const placesOf = (slots: readonly ColumnSlot[]) => placeColumns(slots.map((slot) => widthOf(leadOf(slot))));
  const pinnedPlaces = createMemo(() => placesOf(pinned()));
  const loosePlaces = createMemo(() => placesOf(loose()));
  /** Room for the largest number, and the button beside it. */
  const numberWidth = () => 34 + 8 * Math.max(2, String(model.rowCount()).length);
  const frozen = () => numberWidth() + pinnedPlaces().width;
  const groups = createMemo(() => headerGroups(allSlots()).filter((group) => group.slots.length > 1));
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
    [] as readonly ColumnSlot[],
    {
      equals: (before, after) => before.length === after.length && before.every((slot, index) => slot === after[index]),
    },
  );
  const places = createMemo(() => {
    const all = new Map<string, ColumnPlace>();
    for (const [index, slot] of allSlots().entries()) {
      const sticky = index < pinned().length;
      const left = sticky
        ? numberWidth() + pinnedPlaces().starts[index]!
        : frozen() + loosePlaces().starts[index - pinned().length]!;
      const width = widthOf(leadOf(slot));
      const room = labelRoom(slot);
      for (const [place, { column, line, label }] of slot.lines.entries()) {
        const own = line === null ? null : { top: line * lineHeight(), label, room, follows: place > 0 };
        all.set(column.id, { left, sticky, width, line: own });
      }
    }
    return all;
  });
  const nowhere: ColumnPlace = { left: 0, sticky: false, width: 0, line: null };
  const placeOf = ({ id }: GridColumn): ColumnPlace => places().get(id) ?? nowhere;

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
    // The browser may have scrolled without having said so yet.
    onScroll();
    if (row !== headerRow) {
      const at = columns()[column];
      const line = at === undefined ? null : placeOf(at).line;
      // A row of many lines may be higher than what is seen: its line is shown.
      const offset =
        line === null
          ? offsetShowing(row, position().offset, bodyView(), rowHeight())
          : offsetShowing(row * lines() + line.top / lineHeight(), position().offset, bodyView(), lineHeight());
      if (offset !== position().offset) bring(offset);
    }
    const index = loose().findIndex((slot) => slot.lines.some((each) => each.column === columns()[column]));
    const start = loosePlaces().starts[index];
    if (start === undefined) return;
    const room = view().width - frozen();
    const end = start + widthOf(leadOf(loose()[index]!));
    if (start < left() || end - start > room) scroller().scrollLeft = start;
    else if (end > left() + room) scroller().scrollLeft = end - room;
  }

  /** The cell at a place of the page, as it is drawn now; rows and columns beyond what is seen are the nearest. */
  function placeAt(x: number, y: number): GridPlace {
    const box = scroller().getBoundingClientRect();
    const inBody = y - box.top - headHeight() + scroller().scrollTop - shift();
    const row = Math.max(0, Math.min(rowCount() - 1, Math.floor(inBody / rowHeight())));
    const across = x - box.left;
    const slot =
      across < frozen()
        ? Math.max(0, lastAtOrBefore(pinnedPlaces().starts, across - numberWidth()))
        : pinned().length +
          Math.max(0, lastAtOrBefore(loosePlaces().starts, across - frozen() + scroller().scrollLeft));
    const stack = model.size().stacks?.[Math.min(allSlots().length - 1, slot)];
    const line = Math.floor((inBody - row * rowHeight()) / lineHeight());
    return { row, column: stack === undefined ? 0 : columnAt(stack, line) };
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
    return isPinned(at) || seen().includes(model.slotOf(at));
  };

  return {
    view,
    setView,
    position,
    lineHeight,
    lines,
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
