import { isAllConfiguration } from "../cell-forms.ts";
import { configurationText } from "../configuration-view.ts";
import { indentationOf } from "../file-position.ts";
import type { Notebook } from "../notebook.ts";
import type { TextEdit } from "../operation.ts";
import { SheafError } from "../sheaf-error.ts";
import { lineEndOf, withPlainLineEnds } from "../text-lines.ts";
import { commonEnds } from "./common-ends.ts";
import { fenceEdits } from "./fence-edits.ts";
import { inFile } from "./in-file.ts";
import { setSource } from "./set-source.ts";
import { chainOf, targets } from "./target.ts";

/**
 * Gives a cell another configuration, as it is written between its `---` lines; those go with the last of it. The wordings of a name
 * share that of the first. Of a kind without a body it is the source. Throws `operation.matter` where a line would end it.
 */
export function setConfigurationText(notebook: Notebook, path: string, written: string): TextEdit[] {
  const { text } = notebook;
  const { cell, path: first } = targets(notebook, path)[0]!;
  if (isAllConfiguration(cell.form)) return setSource(notebook, first, written);
  const plain = withPlainLineEnds(written).replace(/\n+$/, "");
  const lines = plain === "" ? [] : plain.split("\n");
  if (lines.some((line) => /^---[ \t]*$/.test(line)))
    throw new SheafError("operation.matter", "a line `---` ends the settings, and cannot stand in them", {
      cure: "Write the text of the cell below them.",
    });
  const [indentation, lineEnd] = [indentationOf(text, cell), lineEndOf(text)];
  const fences = fenceEdits(text, chainOf(notebook, cell), lines);
  const now = configurationText(text, cell);
  if (now === null || now.block === null) {
    const { start } = cell.bodySpan;
    const added = ["---", ...lines, "---"].map((line) => " ".repeat(indentation) + line + lineEnd).join("");
    return lines.length === 0 ? [] : [{ start, end: start, text: added }, ...fences];
  }
  if (now.view.text === "" && lines.length === 0) return [];
  // Without its last line the block goes too, unless the source would then be read as one.
  if (lines.length === 0 && !/^---[ \t]*$/.test(cell.source.split("\n", 1)[0]!)) return [{ ...now.block, text: "" }];
  const after = lines.map((line) => `${line}\n`).join("");
  return [...inFile(changed(now.view.text, after), now.view, lineEnd, indentation), ...fences];
}

/** The one replacement between what two texts have in common at their ends. */
function changed(before: string, after: string): TextEdit[] {
  if (before === after) return [];
  const { head, tail } = commonEnds(before, after);
  return [{ start: head, end: before.length - tail, text: after.slice(head, after.length - tail) }];
}
