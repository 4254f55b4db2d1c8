import type { Analyses } from "../body-references.ts";
import { cellReferences } from "../cell-references.ts";
import { namesOf } from "../graph-names.ts";
import { foldName } from "../names.ts";
import type { Cell, Notebook } from "../notebook.ts";
import { sheetScope, shownIn } from "../sheet-scope.ts";

/**
 * The folded names of what stands at the top that the formulas of a sheet have by bare names: the inputs its rows give and the cells it
 * shows as columns. Any other bare name there is a sibling's or the row's column.
 */
export function rowsNames(notebook: Notebook, sheet: Cell, analyses: Analyses): ReadonlySet<string> {
  const referencesOf = (cell: Cell) => cellReferences(notebook.text, cell, analyses).references;
  const names = namesOf(notebook, (cells) => cells.flatMap(referencesOf));
  const scope = sheetScope(sheet, referencesOf(sheet), names, () => []);
  const shown = shownIn(scope, notebook.front.outputs).filter((name) => scope.depends.has(name));
  return new Set([...scope.bound.keys(), ...shown].map(foldName));
}
