import { positionsIn } from "#server/language/position.ts";
import type { Cell } from "./notebook.ts";
import { linesOf, withoutIndentation } from "./text-lines.ts";
import { viewOf, type TextView } from "./text-view.ts";
import type { Position } from "./value.ts";

/** A cell's source as a view of the file `text`: plain line ends, without the fence's indentation, and the way back. */
export function sourceView(text: string, cell: Cell): TextView {
  const indentation = indentationOf(text, cell);
  const earliest = Math.max(cell.bodySpan.start, cell.sourceSpan.start - indentation);
  let from = cell.sourceSpan.start;
  while (from > earliest && text[from - 1] === " ") from -= 1;
  const lines = linesOf(text.slice(from, cell.bodySpan.end)).map((line) => ({
    start: line.start + from,
    end: line.end + from,
    next: line.next + from,
  }));
  return viewOf(text, withoutIndentation(text, lines, indentation), cell.bodySpan.end);
}

/** How many spaces stand before a cell's fence; its content loses up to as many at the head of each line. */
export function indentationOf(text: string, cell: Cell): number {
  return /^ */.exec(text.slice(cell.span.start, cell.position.offset))![0].length;
}

/**
 * The place in the file of `length` characters at an offset in a cell's source. Offsets are UTF-16 code units; `text` is the
 * text the cell was parsed from. An offset outside the source is moved to its edge.
 */
export function filePosition(text: string, cell: Cell, offset: number, length = 0): Position {
  const view = sourceView(text, cell);
  const within = (at: number): number => Math.min(Math.max(at, 0), cell.source.length);
  const start = view.toFile(within(offset));
  return positionsIn(text)(start, Math.max(start, view.toFile(within(offset + length))));
}
