import { bodyLanguage } from "./body-language.ts";
import { cellsOf } from "./cells-of.ts";
import type { Diagnostic, Notebook } from "./notebook.ts";
import { canBeReadInCode } from "./references/can-be-read-in-code.ts";

/** Warnings of cells and inputs whose names are JavaScript's own, where code has the word: it reads JavaScript's there, without an error. */
export function unreadableNames(notebook: Notebook): readonly Diagnostic[] {
  const cells = cellsOf(notebook).map(({ cell }) => cell);
  const codes = cells.filter((cell) => cell.known && bodyLanguage(cell) === "javascript");
  if (codes.length === 0) return [];
  return [...notebook.front.inputs, ...cells].flatMap(({ name, position }): readonly Diagnostic[] => {
    if (canBeReadInCode(name)) return [];
    const reader = codes.find(({ source }) => new RegExp(`\\b${name}\\b`).test(source));
    if (reader === undefined) return [];
    return [
      {
        severity: "warning",
        code: "notebook.name-in-code",
        cell: name,
        message: `\`${name}\` is JavaScript's own in the code of \`${reader.name}\`, which cannot read this by its name`,
        cure: "Rename it where code is to read it.",
        position,
      },
    ];
  });
}
