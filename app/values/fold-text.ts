/** How much of a text is shown before it is asked for. */
export interface FoldLimits {
  readonly lines: number;
  readonly characters: number;
}

/** The beginning of a long text, cut at a line's or a word's end; null where all of it is shown. A few characters are not worth folding. */
export function foldText(text: string, { lines, characters }: FoldLimits): string | null {
  const line = endOfLine(text, lines);
  if (line <= characters) return line >= text.trimEnd().length ? null : text.slice(0, line);
  if (text.length - characters < characters / 3 && line === text.length) return null;
  const cut = text.slice(0, characters);
  const space = cut.search(/\s\S{0,30}$/);
  return space > 0 ? cut.slice(0, space) : cut.replace(/[\uD800-\uDBFF]$/, "");
}

/** Where the text's n-th line ends, or the text. */
function endOfLine(text: string, number: number): number {
  let at = -1;
  for (let line = 0; line < number; line += 1) {
    at = text.indexOf("\n", at + 1);
    if (at < 0) return text.length;
  }
  return at;
}
