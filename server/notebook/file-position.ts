import { positionsOf } from "./positions-of.ts";
import type { Cell } from "./notebook.ts";
import { linesOf, withoutIndentation, type Line } from "./text-lines.ts";
import { viewOf, type TextView } from "./text-view.ts";
import type { Position } from "./value.ts";

/** A cell's source as a view of the file `text`: plain line ends, without the fence's indentation, and the way back. */
export function sourceView(text: string, cell: Cell): TextView {
  const lines = bodyLines(text, cell).filter(({ start }) => start >= cell.sourceSpan.start);
  return viewOf(text, lines, cell.bodySpan.end);
}

/** The lines between a cell's fences, without the fence's indentation. */
export function bodyLines(text: string, cell: Cell): readonly Line[] {
  const { start, end } = cell.bodySpan;
  const lines = linesOf(text.slice(start, end)).map((line) => ({
    start: line.start + start,
    end: line.end + start,
    next: line.next + start,
  }));
  return withoutIndentation(text, lines, indentationOf(text, cell));
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
  return positionsOf(text)(start, Math.max(start, view.toFile(within(offset + length))));
}
