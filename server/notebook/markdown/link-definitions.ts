/**
 * A paragraph's text without the link reference definitions at its head (CommonMark 0.31, section 4.7). Where nothing is
 * left, the lines are no paragraph, and an underline below them makes no heading.
 */
export function withoutLinkDefinitions(paragraph: string): string {
  let rest = paragraph;
  while (rest.startsWith("[")) {
    const end = definitionEnd(rest);
    if (end === null) break;
    rest = rest.slice(end);
  }
  return rest;
}

const label = /\[((?:[^\\[\]]|\\[^]){1,1000})\]:/y;
const space = /[ \t]*(?:\n[ \t]*)?/y;
const lineRest = /[ \t]*(?:\n|$)/y;

/** Where the definition at the head of `text` ends, after its line's end; null where there is none. */
function definitionEnd(text: string): number | null {
  const afterLabel = matchAt(label, text, 0);
  if (afterLabel === null || text.slice(1, afterLabel - 2).trim() === "" || afterLabel - 3 > 999) return null;
  const destination = matchAt(space, text, afterLabel)!;
  const afterDestination = destinationEnd(text, destination);
  if (afterDestination === null) return null;

  const withoutTitle = matchAt(lineRest, text, afterDestination);
  const beforeTitle = matchAt(space, text, afterDestination)!;
  const afterTitle = beforeTitle > afterDestination ? titleEnd(text, beforeTitle) : null;
  const withTitle = afterTitle === null ? null : matchAt(lineRest, text, afterTitle);
  return withTitle ?? withoutTitle;
}

/** Behind `<…>`, or behind a word without control characters whose parentheses are paired; null where neither stands. */
function destinationEnd(text: string, start: number): number | null {
  const isAngled = text[start] === "<";
  let open = 0;
  let at = isAngled ? start + 1 : start;
  for (; at < text.length; at += 1) {
    const character = text[at]!;
    if (isAngled && character === ">") return at + 1;
    if (isAngled ? character === "<" || character === "\n" : character <= " " || character === "\u007f") break;
    if (character === "\\" && at + 1 < text.length && text[at + 1]! > " ") at += 1;
    else if (character === "(") open += 1;
    else if (character === ")" && !isAngled) open -= 1;
    if (open < 0) return null;
  }
  return isAngled || at === start || open !== 0 ? null : at;
}

/** Behind a title in quotes or parentheses; null where none stands. */
function titleEnd(text: string, start: number): number | null {
  const opening = text[start];
  if (opening !== '"' && opening !== "'" && opening !== "(") return null;
  const closing = opening === "(" ? ")" : opening;
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === closing) return at + 1;
    if (text[at] === "(" && opening === "(") return null;
    if (text[at] === "\\") at += 1;
  }
  return null;
}

function matchAt(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}
