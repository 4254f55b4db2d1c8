import type { CellView } from "#server/workbench/view.ts";
import type { Selection } from "./notebook-context";

/** Whether a cell's text is being typed in: what is wrong with it is told there. */
export function isTyped({ mode, cell }: Selection, { path }: Pick<CellView, "path">): boolean {
  return mode === "edit" && cell === path;
}
