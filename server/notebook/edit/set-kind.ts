import { bodyLines, indentationOf } from "../file-position.ts";
import { nearestName } from "../nearest-name.ts";
import { isAllConfiguration } from "../cell-forms.ts";
import type { Cell, Notebook } from "../notebook.ts";
import type { TextEdit } from "../operation.ts";
import { isKindWord } from "../parse/fence-info.ts";
import { matterEnd } from "../parse/matter-end.ts";
import { SheafError } from "../sheaf-error.ts";
import { lineEndOf } from "../text-lines.ts";
import { runAt } from "./fence-edits.ts";
import { targets } from "./target.ts";

/** Gives a cell, with all its wordings, another kind. Its configuration stays configuration and its source stays source. */
export function setKind(notebook: Notebook, path: string, kind: string): TextEdit[] {
  if (!isKindWord(kind, notebook.forms)) {
    const near = nearestName(kind, notebook.forms.keys());
    throw new SheafError("operation.kind", `there is no kind of cell \`${kind}\``, {
      cure: near === null ? `Kinds are ${[...notebook.forms.keys()].join(", ")}.` : `Did you mean \`${near}\`?`,
    });
  }
  return targets(notebook, path).flatMap(({ cell }) => [
    { ...kindSpan(notebook.text, cell), text: kind },
    ...matterEdits(notebook, cell, kind),
  ]);
}

/** Where the word of the kind stands. */
function kindSpan(text: string, cell: Cell): { readonly start: number; readonly end: number } {
  let start = cell.position.offset + runAt(text, cell.position.offset).length;
  while (text[start] === " " || text[start] === "\t") start += 1;
  return { start, end: start + cell.kind.length };
}

/** The `---` lines that keep configuration and source apart where the two kinds differ in having a body. */
function matterEdits({ text, forms }: Notebook, cell: Cell, kind: string): TextEdit[] {
  const { start, end } = cell.bodySpan;
  if (start === end || matterEnd(text, bodyLines(text, cell)) !== null) return [];
  const line = `${" ".repeat(indentationOf(text, cell))}---${lineEndOf(text)}`;
  const [from, to] = [isAllConfiguration(cell.form), isAllConfiguration(forms.get(kind))];
  if (from === to) return [];
  return from
    ? [
        { start, end: start, text: line },
        { start: end, end, text: line },
      ]
    : [{ start, end: start, text: line + line }];
}
