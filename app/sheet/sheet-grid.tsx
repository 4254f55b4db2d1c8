import { createEffect, createMemo, createSignal, Index, on, onCleanup, onMount, Show } from "solid-js";
import { useSheet } from "./sheet-context";
import type { GridColumn } from "./columns";
import { columnWindow, lastAtOrBefore, placeColumns } from "./grid/column-window";
import { followPointer } from "./grid/follow-pointer";
import { offsetShowing, rowWindow, slotCount } from "./grid/row-window";
import { atStart, broughtTo, canvasHeight, scrolledTo, type ScrollPosition } from "./grid/scroll-position";
import { headerRow, isWithin, rangeOf, selectionAt, type GridPlace } from "./grid/selection";
import { GridRow } from "./grid-row";
import { GridMarks } from "./grid-marks";
import { onGridKey } from "./grid-keys";
import { GridHead } from "./grid-head";
import { headerGroups } from "./header-groups";
import "./sheet-grid.css";

/** Pixels of a row: of one line, or of four. */
const compact = 30;
const wrapped = 92;

/** The grid of a sheet: rows as they come into sight, both ways; arrows, ranges and typing as in a spreadsheet. */
export function SheetGrid(props: {
  readonly openMenu: (column: GridColumn) => void;
  readonly menuOf: string | null;
  closeMenu(): void;
}) {
  const { model, hands, panels } = useSheet();
  const { columns, widthOf, isPinned, rows, selection, select, settings } = model;
  let scroller!: HTMLDivElement;
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

  createEffect(() => {
    const { first, last } = window();
    rows.want(first, Math.max(last, Math.ceil(bodyView() / rowHeight())));
  });
  // What is typed into stays in sight when something opens beside the grid.
  createEffect(
    on(
      () => view().width,
      (_, before) => {
        if (before !== undefined && before > 0) show(selection().active);
      },
    ),
  );
  createEffect(() => model.setSeen([...pinned(), ...seen()]));
  createEffect(() => model.setPage(Math.max(1, Math.floor(bodyView() / rowHeight()) - 1)));
  // Another height of rows or another list keeps the same row at the top.
  createEffect(
    on(rowHeight, (now, before) => {
      if (before !== undefined) bring((position().offset / before) * now);
    }),
  );
  createEffect(
    on(rowCount, () => setPosition((before) => scrolledTo(scroller.scrollTop, before, size())), { defer: true }),
  );

  model.setGrid({ reveal: show, focus: focusActive });
  onMount(() => {
    const observer = new ResizeObserver(() => setView({ width: scroller.clientWidth, height: scroller.clientHeight }));
    observer.observe(scroller);
    onCleanup(() => observer.disconnect());
  });

  function onScroll(): void {
    setLeft(scroller.scrollLeft);
    setPosition((before) => scrolledTo(scroller.scrollTop, before, size()));
  }

  function bring(offset: number): void {
    const next = broughtTo(offset, position(), size());
    setPosition(next);
    scroller.scrollTop = next.top;
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
    if (start < left() || end - start > room) scroller.scrollLeft = start;
    else if (end > left() + room) scroller.scrollLeft = end - room;
  }

  /** The cell at a place of the page; rows and columns beyond what is seen are the nearest. */
  function placeAt(x: number, y: number): GridPlace {
    const box = scroller.getBoundingClientRect();
    const inBody = y - box.top - headHeight() + position().offset;
    const row = Math.max(0, Math.min(rowCount() - 1, Math.floor(inBody / rowHeight())));
    const across = x - box.left;
    const column =
      across < frozen()
        ? Math.max(0, lastAtOrBefore(pinnedPlaces().starts, across - numberWidth()))
        : pinned().length + Math.max(0, lastAtOrBefore(loosePlaces().starts, across - frozen() + left()));
    return { row, column: Math.min(columns().length - 1, column) };
  }

  /** Follows the pointer until it is let go, and scrolls where it goes beyond the grid. */
  function follow(event: PointerEvent, moved: (place: GridPlace) => void, done: () => void = () => {}): void {
    let last = event;
    const move = (next: PointerEvent): void => {
      last = next;
      moved(placeAt(next.clientX, next.clientY));
    };
    const timer = setInterval(() => {
      const box = scroller.getBoundingClientRect();
      const beyond = (at: number, from: number, to: number): number => (at < from ? at - from : at > to ? at - to : 0);
      const down = beyond(last.clientY, box.top + headHeight(), box.bottom - 4);
      const across = beyond(last.clientX, box.left + frozen(), box.right - 4);
      if (down === 0 && across === 0) return;
      scroller.scrollBy({ top: down, left: across });
      moved(placeAt(last.clientX, last.clientY));
    }, 40);
    followPointer(move, () => {
      clearInterval(timer);
      done();
    });
  }

  function onPointerDown(event: PointerEvent): void {
    if (event.button === 2) return selectForMenu(event);
    if (
      event.button !== 0 ||
      !(event.target instanceof Element) ||
      event.target.closest("button, textarea, input") !== null
    )
      return;
    const isNumber = event.target.closest("[role=rowheader]") !== null;
    if (!isNumber && event.target.closest("[role=gridcell]") === null) return;
    event.preventDefault();
    const fills = event.target.closest(".fill-handle") !== null;
    if (fills) return fill(event);
    const at = placeAt(event.clientX, event.clientY);
    const first = event.shiftKey ? selection().anchor : at;
    const last = columns().length - 1;
    const put = (head: GridPlace): void =>
      select(
        isNumber
          ? {
              active: { row: first.row, column: 0 },
              anchor: { row: first.row, column: 0 },
              head: { row: head.row, column: last },
            }
          : { active: first, anchor: first, head },
      );
    put(at);
    focusActive();
    follow(event, put);
  }

  /** The menu of the right button is of the selection it is in, or else of the cell it is on. */
  function selectForMenu({ target, clientX, clientY }: PointerEvent): void {
    if (!(target instanceof Element) || target.closest("[role=gridcell]") === null) return;
    const at = placeAt(clientX, clientY);
    if (!isWithin(rangeOf(selection()), at)) select(selectionAt(at));
    focusActive();
  }

  function fill(event: PointerEvent): void {
    const from = rangeOf(selection());
    let to = from;
    follow(
      event,
      ({ row, column }) => {
        // It goes down or up, or along, whichever is farther.
        const down = Math.max(0, row - from.bottom) + Math.max(0, from.top - row);
        const across = Math.max(0, column - from.right);
        to =
          across > down
            ? { ...from, right: column }
            : { ...from, top: Math.min(from.top, row), bottom: Math.max(from.bottom, row) };
        select({
          active: selection().active,
          anchor: { row: to.top, column: to.left },
          head: { row: to.bottom, column: to.right },
        });
      },
      () => {
        if (to !== from) void hands.goOn(from, to);
      },
    );
  }

  /** Focus is on the active cell where that is in the document, and on the grid where it is not. */
  function focusActive(): void {
    const cell = scroller.querySelector<HTMLElement>("[data-active]");
    (cell ?? scroller).focus({ preventScroll: true });
  }
  createEffect(
    on([selection, window, seen, hands.editing], () => {
      const within = scroller.contains(document.activeElement);
      if (within && document.activeElement?.closest("textarea, input, button") === null)
        queueMicrotask(() => hands.editing() === null && focusActive());
    }),
  );
  const activeIsShown = (): boolean => {
    const { row, column } = selection().active;
    const { first, last } = window();
    const at = columns()[column];
    if (at === undefined || (row !== headerRow && (row < first || row >= last))) return false;
    return isPinned(at) || seen().includes(at);
  };

  return (
    <div
      class="sheet-scroll"
      classList={{ wrap: settings().wrap }}
      ref={scroller}
      role="grid"
      aria-label={`Rows of ${model.id}`}
      aria-description="Arrows move, Enter edits, Escape and then Tab leaves"
      aria-rowcount={rowCount() + 1}
      aria-colcount={columns().length + 1}
      aria-multiselectable="true"
      aria-busy={rows.total() === undefined}
      tabIndex={activeIsShown() ? -1 : 0}
      style={{
        "--row": `${rowHeight()}px`,
        "--head": `${headHeight()}px`,
        "--number": `${numberWidth()}px`,
        "--frozen": `${frozen()}px`,
      }}
      onScroll={onScroll}
      onPointerDown={onPointerDown}
      onDblClick={(event) => {
        if (event.target.closest("[role=gridcell]") !== null) void hands.edit();
      }}
      onKeyDown={(event) =>
        onGridKey(event, { model, hands, panels, show, openMenu: props.openMenu, focus: focusActive })
      }
      onCopy={(event) => isOwn(event) && hands.copy(event, false)}
      onCut={(event) => isOwn(event) && hands.copy(event, true)}
      onPaste={(event) => isOwn(event) && hands.paste(event)}
    >
      <GridMarks />
      <div
        class="sheet-canvas"
        role="presentation"
        style={{
          width: `${frozen() + loosePlaces().width}px`,
          height: `${headHeight() + canvasHeight(size())}px`,
        }}
      >
        <GridHead
          columns={[...pinned(), ...seen()]}
          groups={groups()}
          placeOf={placeOf}
          menuOf={props.menuOf}
          openMenu={props.openMenu}
          closeMenu={props.closeMenu}
          closed={focusActive}
        />
        <div class="sheet-body" role="rowgroup" style={{ height: `${canvasHeight(size())}px` }}>
          <Index each={Array.from({ length: slots() })}>
            {(_, slot) => (
              <GridRow
                slot={slot}
                slots={slots()}
                window={window()}
                shift={shift()}
                rowHeight={rowHeight()}
                pinned={pinned()}
                seen={seen()}
                placeOf={placeOf}
              />
            )}
          </Index>
        </div>
      </div>
      <Show when={rows.total() === undefined && rows.problem() === null}>
        <p class="visually-hidden" role="status">
          Reading rows …
        </p>
      </Show>
    </div>
  );
}

/** Whether a clipboard event is the grid's, and not that of a field in it. */
function isOwn(event: ClipboardEvent): boolean {
  return !(event.target instanceof Element) || event.target.closest("textarea, input") === null;
}
