import type { Position } from "#server/notebook/value.ts";

/** The position of `text.slice(start, end)`, lines ending at `\n`, `\r\n` or a lone `\r`. */
export function positionAt(text: string, start: number, end: number = start): Position {
  return positionsIn(text)(start, end);
}

/** The same for many places of one text: lines are counted once, and each place is found by bisection. */
export function positionsIn(text: string): (start: number, end: number) => Position {
  const lineStarts = [0];
  const lineEnd = /\r\n|\n|\r/g;
  while (lineEnd.exec(text) !== null) lineStarts.push(lineEnd.lastIndex);
  return (start, end) => {
    let low = 0;
    let high = lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (lineStarts[middle]! <= start) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: start - lineStarts[low]! + 1, offset: start, length: end - start };
  };
}
