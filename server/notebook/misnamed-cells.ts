import type { Notebook } from "./notebook.ts";
import type { CellError } from "./value.ts";

const codes: ReadonlySet<string> = new Set([
  "notebook.duplicate-name",
  "notebook.duplicate-label",
  "notebook.wording-kind",
  "notebook.reserved-name",
]);

/** What is wrong with names that cells share, by the offset at which each stands: which of two a reader means nobody can say. */
export function misnamedCells({ diagnostics }: Notebook): ReadonlyMap<number, CellError> {
  const errors = new Map<number, CellError>();
  for (const { severity: _severity, cell: _cell, ...error } of diagnostics)
    if (codes.has(error.code) && !errors.has(error.position.offset)) errors.set(error.position.offset, error);
  return errors;
}
