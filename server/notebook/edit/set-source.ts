import { bodyLines, indentationOf } from "../file-position.ts";
import type { Notebook } from "../notebook.ts";
import type { TextEdit } from "../operation.ts";
import { matterEnd } from "../parse/matter-end.ts";
import { lineEndOf, withPlainLineEnds } from "../text-lines.ts";
import { commonEnds } from "./common-ends.ts";
import { fenceEdits } from "./fence-edits.ts";
import { isAllConfiguration } from "../cell-forms.ts";
import { chainOf, target } from "./target.ts";

/**
 * Gives a cell another source. Lines that stay at the head and the end keep their bytes. A kind without a body takes the text as
 * its whole configuration. A source that begins with `---` gets an empty configuration before it, or it would be read as one.
 */
export function setSource(notebook: Notebook, path: string, source: string): TextEdit[] {
  const { text } = notebook;
  const { cell } = target(notebook, path);
  const whole = isAllConfiguration(cell.form);
  const body = bodyLines(text, cell);
  const matter = matterEnd(text, body);
  const first = whole || typeof matter !== "number" ? 0 : matter + 1;

  const plain = withPlainLineEnds(source);
  const lines = plain === "" ? [] : plain.split("\n");
  if (!whole && first === 0 && /^---[ \t]*$/.test(lines[0] ?? "")) lines.unshift("---", "---");

  const old = body.slice(first).map(({ start, end }) => text.slice(start, end));
  const { head, tail } = commonEnds(old, lines);

  const startOf = (index: number): number => (index === 0 ? cell.bodySpan.start : body[index - 1]!.next);
  const indentation = " ".repeat(indentationOf(text, cell));
  const added = lines.slice(head, lines.length - tail).map((line) => (line === "" ? "" : indentation + line));
  const lineEnd = lineEndOf(text);
  return [
    {
      start: startOf(first + head),
      end: startOf(first + old.length - tail),
      text: added.map((line) => line + lineEnd).join(""),
    },
    ...fenceEdits(text, chainOf(notebook, cell), added),
  ];
}
