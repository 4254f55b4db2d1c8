import { lastAtMost, type Line } from "./text-lines.ts";

/** Lines of a file as one text with plain line ends and without indentation, and the way back. */
export interface TextView {
  /** The lines' contents, each with `\n` behind it. */
  readonly text: string;
  /** The offset in the file of an offset in `text`; the offset behind the last line is `end`. */
  readonly toFile: (offset: number) => number;
}

/** A view of some lines of `text`; `end` is the place in the file that follows them. */
export function viewOf(text: string, lines: readonly Line[], end: number): TextView {
  const starts: number[] = [];
  let joined = "";
  for (const line of lines) {
    starts.push(joined.length);
    joined += `${text.slice(line.start, line.end)}\n`;
  }
  return {
    text: joined,
    toFile: (offset) => {
      if (offset >= joined.length) return end;
      const index = lastAtMost(starts, offset);
      return lines[index]!.start + (offset - starts[index]!);
    },
  };
}
