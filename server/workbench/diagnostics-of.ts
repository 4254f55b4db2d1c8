import type { Cell, Diagnostic } from "#server/notebook/notebook.ts";

/** What is said of a cell at its own place: of two with one name each has its own. */
export function diagnosticsOf(
  { name, span }: Pick<Cell, "name" | "span">,
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  return diagnostics.filter(
    ({ cell, position: { offset } }) => cell === name && offset >= span.start && offset <= span.end,
  );
}
