import { canonicalJson } from "../canonical-json.ts";
import { cellsOf } from "../cells-of.ts";
import type { Notebook } from "../notebook.ts";

/** What each cell says, in the order of the file: equal texts for cells that mean the same. A sheet's own cells are entries of their own. */
export function fingerprints(notebook: Pick<Notebook, "cells">): string[] {
  return cellsOf(notebook).map(({ cell, path }) =>
    canonicalJson([path, cell.kind, cell.configuration.values, cell.kind === "sheet" ? null : cell.source]),
  );
}
