import { cellForms } from "#server/cells/index.ts";
import { applyOperation } from "#server/notebook/apply-operation.ts";
import { cellsOf } from "#server/notebook/cells-of.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import { foldName } from "#server/notebook/names.ts";
import type { Notebook } from "#server/notebook/notebook.ts";
import type { Session } from "#server/runner/session.ts";
import { freeName, takenNames } from "./free-name.ts";

/** Text as it goes into a notebook. */
export interface PastedText {
  readonly text: string;
  /** Names of the cells it brings, those at its top. */
  readonly cells: readonly string[];
}

const head = "---\nsheaf: 1\n---\n\n";

/**
 * Markdown with cells, made to fit a notebook: a name that is taken there becomes a free one, and what among the pasted cells reads it
 * follows. Front matter of a whole notebook is left out.
 */
export function pasteText(
  pasted: string,
  notebook: Notebook,
  { sqlAnalysis }: Pick<Session, "sqlAnalysis">,
): PastedText {
  const plain = pasted.replaceAll(/\r\n?/g, "\n");
  const whole = parseNotebook(plain, cellForms);
  const front = whole.isNotebook ? whole.segments.find(({ kind }) => kind === "front-matter") : undefined;
  let text = head + plain.slice(front?.end ?? 0);
  const taken = takenNames(notebook);
  for (const name of new Set(cellsOf(parseNotebook(text, cellForms)).map(({ cell }) => cell.name))) {
    if (taken.has(foldName(name))) {
      const others = takenNames(parseNotebook(text, cellForms));
      const to = freeName(name, new Set([...taken, ...others]));
      text = applyOperation(
        text,
        { type: "rename", cell: pathOf(text, name), to },
        { forms: cellForms, sql: sqlAnalysis },
      ).text;
      taken.add(foldName(to));
    } else taken.add(foldName(name));
  }
  const { cells } = parseNotebook(text, cellForms);
  return {
    text: text.slice(head.length),
    cells: cells.map(({ name, label }) => (label === null ? name : `${name}.${label}`)),
  };
}

/** The path that names a cell with all its wordings. */
function pathOf(text: string, name: string): string {
  const placed = cellsOf(parseNotebook(text, cellForms)).find(({ cell }) => cell.name === name)!;
  return placed.container === null ? name : `${placed.container.name}.${name}`;
}
