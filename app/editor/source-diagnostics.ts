import type { CellError, Position } from "#server/notebook/value.ts";
import type { CellView } from "#server/workbench/view.ts";

/** Something wrong at a place of a cell's text. */
export interface SourceDiagnostic {
  readonly from: number;
  readonly to: number;
  readonly severity: "error" | "warning";
  readonly error: CellError;
}

type PlacedCell = Pick<CellView, "source" | "sourceLine" | "indentation">;

/** What is wrong in a cell's text: its diagnostics, and the error of a result that is current. What is in its configuration is not among them. */
export function sourceDiagnostics(
  cell: PlacedCell & Pick<CellView, "diagnostics">,
  resultError: CellError | null,
): readonly SourceDiagnostic[] {
  const found: SourceDiagnostic[] = [];
  const add = (error: CellError, severity: SourceDiagnostic["severity"]): void => {
    const place = error.position === undefined ? null : sourcePlace(cell, error.position);
    if (place !== null && !found.some((one) => one.from === place.from && one.error.message === error.message))
      found.push({ ...place, severity, error });
  };
  for (const diagnostic of cell.diagnostics) add(diagnostic, diagnostic.severity);
  if (resultError !== null) add(resultError, "error");
  return found;
}

/** A place of the file as a place in a cell's text; null where it is not in it. At least one character, where there is one. */
export function sourcePlace(
  { source, sourceLine, indentation }: PlacedCell,
  position: Position,
): { readonly from: number; readonly to: number } | null {
  const lines = source.split("\n");
  const index = position.line - sourceLine;
  const line = lines[index];
  if (index < 0 || line === undefined) return null;
  const start = lines.slice(0, index).reduce((sum, { length }) => sum + length + 1, 0);
  const from = start + Math.min(Math.max(position.column - 1 - indentation, 0), line.length);
  const to = Math.min(from + position.length, source.length);
  if (to > from) return { from, to };
  // A place between two characters is shown at the one behind it, or at a line's end before it.
  return from < start + line.length
    ? { from, to: from + 1 }
    : { from: Math.max(start, from - 1), to: Math.max(from, start) };
}
