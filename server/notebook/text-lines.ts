import type { Span } from "./notebook.ts";

/** One line of a text: its content is `text.slice(start, end)`, the next line's first character is at `next`. */
export interface Line extends Span {
  readonly next: number;
}

/** The lines of a text. They end at `\n`, `\r\n` or a lone `\r`, as CommonMark has it; an end at the end opens no further line. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  const lineEnd = /\r\n?|\n/g;
  let start = 0;
  for (let match = lineEnd.exec(text); match !== null; match = lineEnd.exec(text)) {
    lines.push({ start, end: match.index, next: lineEnd.lastIndex });
    start = lineEnd.lastIndex;
  }
  if (start < text.length) lines.push({ start, end: text.length, next: text.length });
  return lines;
}

/** Lines without up to `count` spaces at their head: what a fence indented by `count` removes from its content. A tab stays whole. */
export function withoutIndentation(text: string, lines: readonly Line[], count: number): readonly Line[] {
  if (count === 0) return lines;
  return lines.map((line) => {
    let { start } = line;
    while (start - line.start < count && start < line.end && text[start] === " ") start += 1;
    return { start, end: line.end, next: line.next };
  });
}

/** True where a line has nothing but spaces and tabs. */
export function isBlank(text: string, line: Span): boolean {
  for (let index = line.start; index < line.end; index += 1) {
    const character = text[index];
    if (character !== " " && character !== "\t") return false;
  }
  return true;
}

/** The line end a text uses: that of its first line, `\n` where there is none. */
export function lineEndOf(text: string): string {
  return /\r\n?|\n/.exec(text)?.[0] ?? "\n";
}

/** Text with every line end as `\n`. */
export function withPlainLineEnds(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

/** The index of the last of the ascending numbers that is at most `limit`; −1 where the first is already more. */
export function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
