import type { Position } from "#server/notebook/value.ts";
import type { NotebookContextValue } from "~/notebook/notebook-context";

/** What an editor hears when somebody wants to be at a place in its cell's text. */
export interface PlaceAsked {
  /** The path of the cell. */
  readonly cell: string;
  readonly position: Position;
}

/** The name of the event on `document` that asks for a place; its `detail` is a `PlaceAsked`. */
export const placeAsked = "sheaf:place";

/** Opens a cell's text at a place. */
export function goToPlace(cell: string, position: Position, select: NotebookContextValue["select"]): void {
  select({ cell, mode: "edit" });
  const detail: PlaceAsked = { cell, position };
  // The editor may have to be made first.
  requestAnimationFrame(() => {
    document.querySelector(`[data-block=${CSS.escape(cell)}]`)?.scrollIntoView({ block: "nearest" });
    document.dispatchEvent(new CustomEvent(placeAsked, { detail }));
  });
}
