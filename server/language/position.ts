import type { Position } from "#server/notebook/value.ts";

/** The position of `text.slice(start, end)`, lines ending at `\n`, `\r\n` or a lone `\r`. */
export function positionAt(text: string, start: number, end: number = start): Position {
  let line = 1;
  let lineStart = 0;
  const lineEnd = /\r\n|\n|\r/g;
  for (let match = lineEnd.exec(text); match !== null && lineEnd.lastIndex <= start; match = lineEnd.exec(text)) {
    line += 1;
    lineStart = lineEnd.lastIndex;
  }
  return { line, column: start - lineStart + 1, offset: start, length: end - start };
}
