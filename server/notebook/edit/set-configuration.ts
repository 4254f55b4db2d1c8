import { configurationText, frontMatterView } from "../configuration-view.ts";
import { editMapping, type ValuePath } from "../configuration/edit-mapping.ts";
import { indentationOf } from "../file-position.ts";
import type { Notebook } from "../notebook.ts";
import type { TextEdit } from "../operation.ts";
import { lineEndOf } from "../text-lines.ts";
import type { Datum } from "../value.ts";
import { inFile } from "./in-file.ts";
import { applyEdits } from "./text-edits.ts";
import { targets } from "./target.ts";

/** Sets or removes one value of a cell's configuration. The wordings of a name share that of the first. */
export function setConfiguration(
  notebook: Notebook,
  path: string,
  at: ValuePath,
  value: Datum | undefined,
): TextEdit[] {
  const { text } = notebook;
  const { cell } = targets(notebook, path)[0]!;
  const indentation = indentationOf(text, cell);
  const lineEnd = lineEndOf(text);
  const configuration = configurationText(text, cell);
  if (configuration === null) return newMatter(cell.bodySpan.start, editMapping("", at, value), lineEnd, indentation);
  const { view, block } = configuration;
  const edits = editMapping(view.text, at, value);
  // Without its last value the block goes too, unless the source would then be read as one.
  const isLast = block !== null && edits.length > 0 && applyEdits(view.text, edits).trim() === "";
  if (isLast && !/^---[ \t]*$/.test(cell.source.split("\n", 1)[0]!)) return [{ ...block, text: "" }];
  return inFile(edits, view, lineEnd, indentation);
}

/** Sets or removes one value of the front matter, which is made where there is none. */
export function setFrontMatter(notebook: Notebook, at: ValuePath, value: Datum | undefined): TextEdit[] {
  const { text } = notebook;
  const view = frontMatterView(notebook);
  if (view !== null) return inFile(editMapping(view.text, at, value), view, lineEndOf(text), 0);
  return newMatter(text.startsWith("\uFEFF") ? 1 : 0, editMapping("", at, value), lineEndOf(text), 0);
}

/** A block of its own for what edits of an empty text write. */
function newMatter(at: number, edits: readonly TextEdit[], lineEnd: string, indentation: number): TextEdit[] {
  if (edits.length === 0) return [];
  const lines = ["---", ...applyEdits("", edits).trimEnd().split("\n"), "---"];
  return [{ start: at, end: at, text: lines.map((line) => " ".repeat(indentation) + line + lineEnd).join("") }];
}
