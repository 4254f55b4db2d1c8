import type { TextEdit } from "../operation.ts";
import type { TextView } from "../text-view.ts";

/** Edits of a view as edits of the file: its line ends and indentation for those of the view. */
export function inFile(edits: readonly TextEdit[], view: TextView, lineEnd: string, indentation: number): TextEdit[] {
  const newLine = lineEnd + " ".repeat(indentation);
  return edits.map(({ start, end, text }) => ({
    start: view.toFile(start),
    end: view.toFile(end),
    text: text.replaceAll("\n", newLine),
  }));
}
