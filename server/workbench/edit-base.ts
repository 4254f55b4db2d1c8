import { cellsNamed } from "#server/notebook/cells-of.ts";
import { editableConfiguration, editableSource } from "#server/notebook/editable-source.ts";
import type { Notebook } from "#server/notebook/notebook.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { editableProse } from "./editable-prose.ts";
import { pageBlocks } from "./page-blocks.ts";

/** What a page's edit is made from, a cell's text, one between cells by its block's key, or the whole notebook's: where the server has another, the edit is refused and nothing is lost. */
export type EditBase =
  | { readonly cell: string; readonly source: string }
  | { readonly cell: string; readonly settings: string }
  | { readonly prose: string; readonly segment: number; readonly text: string }
  | { readonly revision: number };

/** Throws `edit.conflict` where a notebook is not as an edit's base says. */
export function checkBase(base: EditBase, notebook: Notebook, revision: number): void {
  if ("revision" in base) {
    if (base.revision === revision) return;
    throw new SheafError("edit.conflict", "the notebook was changed meanwhile", {
      cure: "Look at it again and repeat.",
    });
  }
  if ("prose" in base) {
    const { start, end } = notebook.segments[base.segment] ?? { start: 0, end: 0 };
    const isThere = pageBlocks(notebook).some(
      (block) => block.type === "prose" && block.key === base.prose && block.segment === base.segment,
    );
    if (isThere && editableProse(notebook.text.slice(start, end)).text === base.text) return;
    throw new SheafError("edit.conflict", "the text was changed elsewhere while you typed", {
      cure: "Take the other text, or keep yours over it.",
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
