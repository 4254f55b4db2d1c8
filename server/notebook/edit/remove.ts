import { parseNotebook } from "../format.ts";
import type { Cell, Notebook } from "../notebook.ts";
import type { Place, TextEdit } from "../operation.ts";
import { SheafError } from "../sheaf-error.ts";
import { indentationOf } from "../file-position.ts";
import { isBlank, lineEndOf, linesOf, withoutIndentation } from "../text-lines.ts";
import { cellsOf } from "../cells-of.ts";
import { fingerprints } from "./cell-fingerprint.ts";
import { insertAt, isSubsequence, newlyTaken, regionOf, spotOf, withoutPaths } from "./insert.ts";
import { chainOf, target } from "./target.ts";
import { applyEdits, inOrder } from "./text-edits.ts";

/** Takes a cell's fence out of the file; a blank line is left where text would run together. All other cells stay what they are. */
export function remove(notebook: Notebook, path: string): TextEdit[] {
  const { cell } = target(notebook, path);
  const kept = fingerprints({ cells: without(notebook.cells, cell) });
  for (const edit of removals(notebook, cell)) {
    const after = parseNotebook(applyEdits(notebook.text, [edit]), notebook.forms);
    if (fingerprints(after).join("\n") === kept.join("\n")) return [edit];
  }
  throw new SheafError("operation.place", `without \`${path}\` the text around it would read as other cells`, {
    cure: "Put a blank line before and behind the cell, and close what is open above it.",
  });
}

/** Moves a cell, its bytes as they are but for another indentation. */
export function move(notebook: Notebook, path: string, to: Place): TextEdit[] {
  const { text } = notebook;
  const { cell } = target(notebook, path);
  const spot = spotOf(notebook, to);
  if (spot.container !== null && chainOf(notebook, spot.container).includes(cell))
    throw new SheafError("operation.place", `\`${path}\` cannot be moved into itself`, {
      cure: "Name a place outside of it.",
    });
  if (spot.offset === cell.span.start || spot.offset === cell.span.end) return [];
  const slice = text.slice(cell.span.start, cell.span.end);
  const lines = withoutIndentation(slice, linesOf(slice), indentationOf(text, cell));
  const added = insertAt(notebook, spot, lines, slice);
  for (const removal of removals(notebook, cell)) {
    const edits = inOrder(text, [removal, ...added]);
    const after = parseNotebook(applyEdits(text, edits), notebook.forms);
    const same = withoutPaths(after).sort().join("\n") === withoutPaths(notebook).sort().join("\n");
    const others = withoutPaths({ cells: without(notebook.cells, cell) });
    if (same && isSubsequence(others, withoutPaths(after)) && newlyTaken(notebook, after) === undefined) return edits;
  }
  throw new SheafError("operation.place", `\`${path}\` cannot stand there without changing other cells`, {
    cure: "Close what is open above the place, or choose another.",
  });
}

/** The ways to take a cell out: without a trace, or with a blank line in its place. */
function removals(notebook: Notebook, cell: Cell): TextEdit[] {
  const { text } = notebook;
  const { start, end } = cell.span;
  const blank = { start, end, text: lineEndOf(text) };
  const { container } = cellsOf(notebook).find((placed) => placed.cell === cell)!;
  const front = notebook.segments.find((segment) => segment.kind === "front-matter");
  const region = regionOf(notebook, container);
  const from = container === null && front !== undefined ? front.end : region.start;
  const before = linesOf(text.slice(from, start)).at(-1);
  const [behind] = linesOf(text.slice(end, region.end));
  const meet =
    before !== undefined &&
    behind !== undefined &&
    !isBlank(text.slice(from), before) &&
    !isBlank(text.slice(end), behind);
  return meet ? [blank] : [{ start, end, text: "" }, blank];
}

function without(cells: readonly Cell[], gone: Cell): Cell[] {
  return cells.filter((cell) => cell !== gone).map((cell) => ({ ...cell, cells: without(cell.cells, gone) }));
}
