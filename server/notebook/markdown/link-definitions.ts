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
const angleDestination = /<(?:[^<>\n\\]|\\[^\n])*>/y;
// eslint-disable-next-line no-control-regex
const plainDestination = /(?!<)(?:[^\u0000- \u007f\\()]|\\[^\u0000- \u007f]|\\|[()])+/y;
const title = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|\((?:[^()\\]|\\[^])*\)/y;
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
  const afterTitle = beforeTitle > afterDestination ? matchAt(title, text, beforeTitle) : null;
  const withTitle = afterTitle === null ? null : matchAt(lineRest, text, afterTitle);
  return withTitle ?? withoutTitle;
}

function destinationEnd(text: string, start: number): number | null {
  if (text[start] === "<") return matchAt(angleDestination, text, start);
  const end = matchAt(plainDestination, text, start);
  if (end === null) return null;
  let open = 0;
  for (let index = start; index < end; index += 1) {
    if (text[index] === "\\") index += 1;
    else if (text[index] === "(") open += 1;
    else if (text[index] === ")") open -= 1;
    if (open < 0) return null;
  }
  return open === 0 ? end : null;
}

function matchAt(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}
