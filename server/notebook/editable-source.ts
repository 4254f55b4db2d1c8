import { isAllConfiguration } from "./cell-forms.ts";
import { configurationText } from "./configuration-view.ts";
import { bodyLines } from "./file-position.ts";
import type { Cell } from "./notebook.ts";
import { positionsOf } from "./positions-of.ts";

/** What `set-source` replaces: a cell's source, or where its kind has no body its whole configuration as it is written. */
export function editableSource(text: string, cell: Cell): string {
  if (!isAllConfiguration(cell.form)) return cell.source;
  return bodyLines(text, cell)
    .map(({ start, end }) => text.slice(start, end))
    .join("\n");
}

/** The line of the file on which it begins, from 1. */
export function editableLine(text: string, cell: Cell): number {
  const { start } = isAllConfiguration(cell.form) ? cell.bodySpan : cell.sourceSpan;
  return positionsOf(text)(start, start).line;
}

/** What `set-configuration-text` replaces: the lines between a cell's `---` lines; empty without them, and null where the source has all of it. */
export function editableConfiguration(text: string, cell: Cell): string | null {
  if (isAllConfiguration(cell.form)) return null;
  return configurationText(text, cell)?.view.text.replace(/\n$/, "") ?? "";
}
