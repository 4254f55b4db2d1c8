import { syntaxError, type Span } from "./language-error.ts";
import { scanTokens, type Token } from "./tokens.ts";

/** A piece of a template: the text between tags, with the place white space control left of it, or a tag. */
export type Piece =
  | (Span & {
      readonly kind: "text";
      /** What is left after white space control: `source.slice(from, to)`. */
      readonly from: number;
      readonly to: number;
      /** True for what stands in `{% raw %}`. */
      readonly raw: boolean;
    })
  | (Span & { readonly kind: "print" | "statement"; readonly tokens: readonly Token[] });

/** What a tag does to the text at one of its sides: takes `all` white space, or that of its `line`. */
type Trim = "all" | "line" | "none";

const mostUnread = 20;

const opening = /\{[{%#]/g;
const rawOpening = /\{%[-+]?\s*raw\s*([-+]?)%\}/y;
const rawClosing = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g;

/**
 * The pieces of a template in their order. The white space before a block tag or comment at the beginning of its line
 * goes, and so does the line end right after one (Jinja's `lstrip_blocks` and `trim_blocks`), so that one alone on its
 * line leaves no blank line; `{%+` and `+%}` keep them. `onError` gets what cannot be read; after it, scanning goes on behind the tag's opening,
 * or ends; what stands behind twenty such tags is text, for each of them may be looked for the end of to the source's end.
 */
export function scanTemplate(source: string, onError: (thrown: unknown) => void): readonly Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  let before: Trim = "none";
  let unread = 0;
  const text = (end: number, after: Trim, raw: boolean) => {
    if (end > position)
      pieces.push({ kind: "text", start: position, end, raw, ...trimmed(source, position, end, before, after) });
  };
  for (;;) {
    opening.lastIndex = position;
    const match = opening.exec(source);
    if (match === null || unread === mostUnread) break;
    const start = match.index;
    const kind = source.charAt(start + 1);
    const control = source.charAt(start + 2);
    const side: Trim = control === "-" ? "all" : control === "+" || kind === "{" ? "none" : "line";
    text(start, side, false);
    const tagStart = start + 2 + (control === "-" || control === "+" ? 1 : 0);
    try {
      rawOpening.lastIndex = start;
      const raw = rawOpening.exec(source);
      if (kind === "#") {
        const close = source.indexOf("#}", tagStart);
        if (close < 0) throw unclosed(source, start, "{#", "#}");
        position = close + 2;
        before = afterSide(source.charAt(close - 1), close > tagStart);
      } else if (raw !== null) {
        const rawEnd = rawOpening.lastIndex;
        rawClosing.lastIndex = rawEnd;
        const close = rawClosing.exec(source);
        if (close === null) throw unclosed(source, start, raw[0], "{% endraw %}");
        position = rawEnd;
        before = afterSide(raw[1]!, true);
        text(close.index, close[1] === "-" ? "all" : close[1] === "+" ? "none" : "line", true);
        position = rawClosing.lastIndex;
        before = afterSide(close[2]!, true);
      } else {
        const closer = kind === "{" ? "}}" : "%}";
        const scan = scanTokens(source, tagStart, closer, { start, end: start + 2 });
        position = scan.end;
        before = scan.control === "-" ? "all" : kind === "{" || scan.control === "+" ? "none" : "line";
        pieces.push({ kind: kind === "{" ? "print" : "statement", start, end: scan.end, tokens: scan.tokens });
      }
    } catch (thrown) {
      onError(thrown);
      unread += 1;
      position = start + 2;
      before = "none";
    }
  }
  text(source.length, "none", false);
  return pieces;
}

function afterSide(control: string, present: boolean): Trim {
  if (!present) return "line";
  return control === "-" ? "all" : control === "+" ? "none" : "line";
}

function unclosed(source: string, start: number, tag: string, closer: string) {
  const span = { start, end: start + tag.length };
  return syntaxError(source, span, `\`${tag}\` is never closed`, `Close it with \`${closer}\`.`);
}

function trimmed(source: string, start: number, end: number, before: Trim, after: Trim): { from: number; to: number } {
  let from = start;
  if (before === "all") while (from < end && isSpace(source, from)) from += 1;
  if (before === "line") {
    if (source.startsWith("\r\n", from) && from + 1 < end) from += 2;
    else if (source.charAt(from) === "\n" && from < end) from += 1;
  }
  let to = end;
  if (after === "all") while (to > from && isSpace(source, to - 1)) to -= 1;
  if (after === "line") {
    let lineStart = to;
    while (lineStart > from && isSpace(source, lineStart - 1) && !isLineEnd(source, lineStart - 1)) lineStart -= 1;
    if (lineStart === 0 || isLineEnd(source, lineStart - 1)) to = lineStart;
  }
  return { from, to };
}

function isSpace(source: string, index: number): boolean {
  return source.charAt(index).trim() === "";
}

function isLineEnd(source: string, index: number): boolean {
  const character = source.charAt(index);
  return character === "\n" || character === "\r";
}
