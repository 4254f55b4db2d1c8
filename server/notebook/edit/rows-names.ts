import type { Analyses } from "../body-references.ts";
import { cellReferences } from "../cell-references.ts";
import { namesOf } from "../graph-names.ts";
import { foldName } from "../names.ts";
import type { Cell, Notebook } from "../notebook.ts";
import { sheetScope, shownIn } from "../sheet-scope.ts";

/** What stands at the top and comes out for each row of a sheet; names are folded. */
export interface RowsNames {
  /** What formulas of the sheet have by bare names: inputs its rows give, cells it shows. Any other there is a sibling's or the row's. */
  readonly bare: ReadonlySet<string>;
  /** The cells that can be read through the sheet, `triage.topic`. */
  readonly members: ReadonlySet<string>;
}

/** Finds them for the sheets of a notebook, each once and when it is asked for. */
export function rowsNames(notebook: Notebook, analyses: Analyses): (sheet: Cell) => RowsNames {
  const referencesOf = (cell: Cell) => cellReferences(notebook.text, cell, analyses).references;
  const found = new Map<Cell, RowsNames>();
  let names: ReturnType<typeof namesOf> | undefined;
  return (sheet) => {
    const known = found.get(sheet);
    if (known !== undefined) return known;
    names ??= namesOf(notebook, (cells) => cells.flatMap(referencesOf));
    const scope = sheetScope(sheet, referencesOf(sheet), names, () => []);
    const shown = shownIn(scope, notebook.front.outputs).filter((name) => scope.depends.has(name));
    const rows = {
      bare: new Set([...scope.bound.keys(), ...shown].map(foldName)),
      members: new Set([...scope.depends].map(foldName)),
    };
    found.set(sheet, rows);
    return rows;
  };
}
