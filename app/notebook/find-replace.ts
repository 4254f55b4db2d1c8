import type { TextEdit } from "#server/notebook/operation.ts";

/** What is looked for in the text of a notebook. */
export interface Query {
  readonly find: string;
  readonly replace: string;
  readonly isRegex: boolean;
  readonly isCased: boolean;
  readonly isWord: boolean;
}

/** A place where it was found, and what it would become. Offsets are UTF-16 code units. */
export interface Hit extends TextEdit {
  /** From 1. */
  readonly line: number;
  /** The line it begins in, and where in it it begins. */
  readonly lineText: string;
  readonly column: number;
  readonly found: string;
}

/** Hits beyond these are not looked for. */
export const mostHits = 2_000;

/** Every place a query is found at, in order, or why it can be found nowhere. */
export function findHits(
  text: string,
  query: Query,
): { readonly hits: readonly Hit[]; readonly problem: string | null } {
  if (query.find === "") return { hits: [], problem: null };
  let pattern: RegExp;
  try {
    pattern = patternOf(query);
  } catch (thrown) {
    return { hits: [], problem: (thrown as Error).message.replace(/^Invalid regular expression: /, "") };
  }
  const hits: Hit[] = [];
  let line = 1;
  let lineStart = 0;
  for (const match of text.matchAll(pattern)) {
    const found = match[0];
    if (found === "") continue;
    const start = match.index;
    for (let next = text.indexOf("\n", lineStart); next >= 0 && next < start; next = text.indexOf("\n", lineStart)) {
      line += 1;
      lineStart = next + 1;
    }
    const lineEnd = text.indexOf("\n", start);
    hits.push({
      start,
      end: start + found.length,
      text: query.isRegex ? expanded(query.replace, match) : query.replace,
      line,
      lineText: text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd),
      column: start - lineStart,
      found,
    });
    if (hits.length === mostHits) break;
  }
  return { hits, problem: null };
}

/** The edits that replace hits. */
export function replacements(hits: readonly Hit[]): readonly TextEdit[] {
  return hits.filter(({ found, text }) => found !== text).map(({ start, end, text }) => ({ start, end, text }));
}

function patternOf({ find, isRegex, isCased, isWord }: Query): RegExp {
  const source = isRegex ? find : find.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
  const bounded = isWord ? String.raw`(?<![\p{L}\p{N}_])(?:${source})(?![\p{L}\p{N}_])` : source;
  return new RegExp(bounded, isCased ? "gmu" : "gmiu");
}

/** What a replacement comes to for a match: `$1`, `$<name>`, `$&` and `$$` as in JavaScript. */
function expanded(replacement: string, match: RegExpMatchArray): string {
  return replacement.replaceAll(/\$(?:(\$)|(&)|(\d{1,2})|<([^>]*)>)/g, (whole, dollar, all, number, name) => {
    if (dollar !== undefined) return "$";
    if (all !== undefined) return match[0];
    if (name !== undefined) return match.groups?.[name as string] ?? "";
    return Number(number) > 0 && Number(number) < match.length ? (match[Number(number)] ?? "") : whole;
  });
}

/** Where the lines of each block begin, to say in which block a line is. */
export interface BlockLine {
  readonly block: string;
  readonly line: number;
}

/** The block a line of the file stands in; null before the first. */
export function blockOfLine(lines: readonly BlockLine[], line: number): string | null {
  return lines.findLast((block) => block.line <= line)?.block ?? null;
}
