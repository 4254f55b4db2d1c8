import { followPointer } from "./grid/follow-pointer";
import { orderOf, putBefore } from "./settings";
import type { GridColumn } from "./columns";
import type { SheetModel } from "./sheet-model";

const least = 48;
const most = 1_200;
/** Pixels a pointer goes before it drags. */
const threshold = 5;

/** Makes a column wider or narrower for as long as the pointer is down. */
export function resizeColumn(event: PointerEvent, model: SheetModel, column: GridColumn): void {
  event.preventDefault();
  event.stopPropagation();
  const before = model.widthOf(column);
  followPointer(({ clientX }) => {
    const width = Math.round(Math.min(most, Math.max(least, before + clientX - event.clientX)));
    model.arrange({ widths: { ...model.settings().widths, [column.id]: width } });
  });
}

/** Takes a column to another place, once the pointer has gone far enough to mean it. */
export function dragColumn(event: PointerEvent, model: SheetModel, column: GridColumn): void {
  if (
    event.button !== 0 ||
    !(event.target instanceof Element) ||
    event.target.closest("button, .sheet-resize") !== null
  )
    return;
  const header = (event.currentTarget as HTMLElement).parentElement!;
  let dragging = false;
  let before: string | null | undefined;
  const mark = document.createElement("div");
  mark.className = "sheet-drop";
  followPointer(
    ({ clientX }) => {
      if (!dragging && Math.abs(clientX - event.clientX) < threshold) return;
      if (!dragging) header.append(mark);
      dragging = true;
      const heads = [...header.querySelectorAll<HTMLElement>("[data-column]")];
      const next = heads.find((head) => {
        const { left, width } = head.getBoundingClientRect();
        return clientX < left + width / 2;
      });
      before = next?.dataset["column"] ?? null;
      const last = heads.at(-1)!;
      mark.style.left = `${next === undefined ? last.offsetLeft + last.offsetWidth : next.offsetLeft}px`;
    },
    () => {
      mark.remove();
      if (!dragging || before === undefined || before === column.id) return;
      const ids = orderOf(model.allColumns(), model.settings());
      const moved = model.slotOf(column).lines.map((line) => line.column.id);
      model.arrange({ order: putBefore(ids, moved, before) });
      // What was dragged is not clicked as well: its click comes now or never.
      const stop = new AbortController();
      addEventListener("click", (click) => click.stopPropagation(), { capture: true, signal: stop.signal });
      setTimeout(() => stop.abort());
    },
  );
}
