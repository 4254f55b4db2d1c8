import type { Operation } from "#server/notebook/operation.ts";
import type { CellView, NotebookView } from "#server/workbench/view.ts";
import type { EditBase } from "~/notebook/notebook-actions";

/** One of the texts of a cell that are edited, each with a draft of its own: `topic`, and `topic---` for its settings. */
export type CellPart = string;

const end = "---";

/** The settings of a cell as a text. */
export function settingsPart(cell: string): CellPart {
  return cell + end;
}

/** The path of a part's cell. */
export function cellOfPart(part: CellPart): string {
  return isSettings(part) ? part.slice(0, -end.length) : part;
}

/** The text the server has of a part; undefined where the part is not there. */
export function textOfPart({ cells }: Pick<NotebookView, "cells">, part: CellPart): string | undefined {
  const cell = cells[cellOfPart(part)];
  return cell === undefined ? undefined : isSettings(part) ? (cell.settings ?? undefined) : cell.source;
}

/** The edit that gives a part another text, and what it is made from. */
export function editOfPart(
  part: CellPart,
  text: string,
  base: string,
): { readonly operations: Operation[]; readonly base: EditBase } {
  const cell = cellOfPart(part);
  return isSettings(part)
    ? { operations: [{ type: "set-configuration-text", cell, text }], base: { cell, settings: base } }
    : { operations: [{ type: "set-source", cell, source: text }], base: { cell, source: base } };
}

/** A part's text as a cell that has nothing else, for what is about a cell's text. */
export function cellWithPart(cell: CellView, part: CellPart): CellView {
  if (!isSettings(part)) return cell;
  return { ...cell, source: cell.settings ?? "", sourceLine: cell.line + 2, language: "none" };
}

function isSettings(part: CellPart): boolean {
  return part.endsWith(end);
}
