import { cellsNamed } from "#server/notebook/cells-of.ts";
import { editableConfiguration, editableSource } from "#server/notebook/editable-source.ts";
import type { Notebook } from "#server/notebook/notebook.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";

/** What a page's edit is made from, a cell's text or the whole notebook's: where the server has another, the edit is refused and nothing is lost. */
export type EditBase =
  | { readonly cell: string; readonly source: string }
  | { readonly cell: string; readonly settings: string }
  | { readonly revision: number };

/** Throws `edit.conflict` where a notebook is not as an edit's base says. */
export function checkBase(base: EditBase, notebook: Notebook, revision: number): void {
  if ("revision" in base) {
    if (base.revision === revision) return;
    throw new SheafError("edit.conflict", "the notebook was changed meanwhile", {
      cure: "Look at it again and repeat.",
    });
  }
  const { cell } = base;
  const [placed] = cellsNamed(notebook, cell);
  if (placed === undefined)
    throw new SheafError("edit.conflict", `\`${cell}\` is no longer there`, {
      cure: "It was removed or renamed elsewhere: insert a cell with your text, or leave it.",
    });
  const isSame =
    "settings" in base
      ? editableConfiguration(notebook.text, placed.cell) === base.settings
      : editableSource(notebook.text, placed.cell) === base.source;
  if (!isSame)
    throw new SheafError("edit.conflict", `\`${cell}\` was changed elsewhere while you typed`, {
      cure: "Take the other text, or keep yours over it.",
    });
}
