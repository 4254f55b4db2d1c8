import { holdKeys } from "~/ui/type-ahead";
import type { GridColumn } from "./columns";
import { cellsIn, headerRow, movedBy, rangeOf, selectionAt, stepped, type GridPlace } from "./grid/selection";
import type { SheetHands } from "./sheet-hands";
import type { SheetModel } from "./sheet-model";
import type { SheetPanels } from "./sheet-panels";

interface GridKeyContext {
  readonly model: SheetModel;
  readonly hands: SheetHands;
  readonly panels: SheetPanels;
  /** Brings a place into sight. */
  show(place: GridPlace): void;
  openMenu(column: GridColumn): void;
  focus(): void;
}

/** What a key does in the grid. A key that is somebody's goes no further: the notebook's own keys are not meant. */
export function onGridKey(event: KeyboardEvent, context: GridKeyContext): void {
  if (event.isComposing || !(event.target instanceof Element)) return;
  if (event.target.closest("textarea, input, [role=menu]") !== null) return;
  if (!acts(event, context)) return;
  event.preventDefault();
  event.stopPropagation();
}

function acts(event: KeyboardEvent, { model, hands, panels, show, focus, ...context }: GridKeyContext): boolean {
  const openMenu = (of: GridColumn): void => {
    holdKeys();
    context.openMenu(of);
  };
  const { key, shiftKey: shift, altKey: alt } = event;
  const mod = event.ctrlKey || event.metaKey;
  const { selection, select, size } = model;
  const { active } = selection();
  const column = model.activeColumn();
  const inHeader = active.row === headerRow;
  const range = rangeOf(selection());

  if (panels.paging() !== null && pages(key, panels)) return true;
  if (alt && key === "ArrowDown") return does(column !== undefined, () => openMenu(column!));
  if (alt && key.toLowerCase() === "d") return does(!inHeader, () => panels.showDiff());
  if (alt && key.toLowerCase() === "c") return does(!inHeader, () => panels.compare());
  if (alt) return false;
  if (mod) {
    switch (key.toLowerCase()) {
      case "z":
        return does(true, () => void (shift ? hands.redo() : hands.undo()));
      case "y":
        return does(true, () => void hands.redo());
      case "d":
        return does(
          !inHeader && range.bottom > range.top,
          () => void hands.goOn({ ...range, bottom: range.top }, range),
        );
      case "i":
        return does(!inHeader, () => panels.showDetail(active.row));
      case "f":
        return does(true, () => panels.focusSearch());
      case "enter":
        return does(!inHeader, () => void hands.runSelection());
    }
  }
  if (key === "Tab") return tab(shift);
  switch (key) {
    case "Enter":
      if (mod) return false;
      return does(true, () =>
        inHeader ? column !== undefined && openMenu(column) : panels.page() || void hands.edit(),
      );
    case "F2":
      return does(!inHeader, () => void hands.edit());
    case "Delete":
    case "Backspace":
      return does(!inHeader && !mod, () => void hands.clear());
    case "Escape":
      panels.setLeaving(true);
      if (cellsIn(range) > 1) return does(true, () => select(selectionAt(active)));
      return false;
    case " ":
      if (!mod && !shift) return does(!inHeader, () => panels.openReader());
      break;
  }
  const moved = movedBy({ key, shift, mod }, selection(), size());
  if (moved !== null) {
    panels.setLeaving(false);
    select(moved.selection);
    if (moved.show !== null) show(moved.show);
    focus();
    return true;
  }
  if (mod || key.length !== 1 || inHeader) return false;
  // Of a range of variants side by side nothing is typed over: d tells what differs in them.
  if (key === "d" && range.top === range.bottom && range.right > range.left) return does(true, () => panels.showDiff());
  void hands.edit(key);
  return true;

  function tab(back: boolean): boolean {
    const next = stepped(selection(), "column", back ? -1 : 1, size());
    const isLast = cellsIn(range) === 1 && next.active.column === active.column;
    // After Escape, and beyond the last cell of a row, Tab leaves the grid as it does everything else.
    if (panels.leaving() || isLast) {
      panels.setLeaving(false);
      return false;
    }
    select(next);
    show(next.active);
    focus();
    return true;
  }
}

/** While one goes through the repeats of a cell, arrows page and everything else leaves them. */
function pages(key: string, panels: SheetPanels): boolean {
  if (key === "ArrowRight") return does(true, () => panels.page(1));
  if (key === "ArrowLeft") return does(true, () => panels.page(-1));
  panels.endPaging();
  return key === "Escape" || key === "Enter";
}

function does(applies: boolean, work: () => unknown): boolean {
  if (applies) work();
  return applies;
}
