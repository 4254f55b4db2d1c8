import type { Cell, Diagnostic } from "./notebook.ts";
import type { CellError } from "./value.ts";

/** What is wrong with a cell as a diagnostic on it, at the error's place or the cell's. */
export function cellProblem(cell: Cell, error: CellError): Diagnostic {
  return { severity: "error", cell: cell.name, ...error, position: error.position ?? cell.position };
}
