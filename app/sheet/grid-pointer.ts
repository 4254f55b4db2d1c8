import { followPointer } from "./grid/follow-pointer";
import { isWithin, rangeOf, selectionAt, type GridPlace } from "./grid/selection";
import type { GridLayout } from "./grid-layout";
import type { SheetContextValue } from "./sheet-context";

/** What the pointer does in a grid: selects cells and rows, fills by the handle, and opens the menu of what is selected. */
export function createGridPointer(
  { model, hands }: Pick<SheetContextValue, "model" | "hands">,
  layout: GridLayout,
  scroller: () => HTMLElement,
  focusActive: () => void,
): (event: PointerEvent) => void {
  const { selection, select, columns } = model;
  const { placeAt, headHeight, frozen } = layout;

  /** Follows the pointer until it is let go, and scrolls where it goes beyond the grid. */
  function follow(event: PointerEvent, moved: (place: GridPlace) => void, done: () => void = () => {}): void {
    let last = event;
    const move = (next: PointerEvent): void => {
      last = next;
      moved(placeAt(next.clientX, next.clientY));
    };
    const timer = setInterval(() => {
      const box = scroller().getBoundingClientRect();
      const beyond = (at: number, from: number, to: number): number => (at < from ? at - from : at > to ? at - to : 0);
      const down = beyond(last.clientY, box.top + headHeight(), box.bottom - 4);
      const across = beyond(last.clientX, box.left + frozen(), box.right - 4);
      if (down === 0 && across === 0) return;
      scroller().scrollBy({ top: down, left: across });
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

  return onPointerDown;
}
