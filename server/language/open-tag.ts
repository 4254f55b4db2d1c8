import { LanguageError } from "./language-error.ts";
import { scanTokens, type Token } from "./tokens.ts";

/** What is being written at a place of a template: a tag, the expression of a `messages:` line, or a line of text. */
export type Place =
  | { readonly kind: "print" | "statement" | "expression"; readonly start: number }
  | { readonly kind: "text"; readonly lineStart: number }
  | { readonly kind: "comment" };

export interface PlaceInTemplate {
  readonly place: Place;
  /** The tokens of the statements before it, for the names they bind. */
  readonly statements: readonly (readonly Token[])[];
}

const opening = /\{[{%#]/g;
const rawOpening = /\{%[-+]?\s*raw\s*[-+]?%\}/y;
const rawClosing = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;
const splice = /^messages:[ \t]*=/;

/** Finds what is being written at `offset`, in a source that need not be finished. */
export function placeAt(source: string, offset: number): PlaceInTemplate {
  const statements: (readonly Token[])[] = [];
  let position = 0;
  for (;;) {
    opening.lastIndex = position;
    const start = opening.exec(source)?.index ?? source.length;
    if (start + 2 > offset) return { place: textPlace(source, offset), statements };
    const kind = source.charAt(start + 1);
    rawOpening.lastIndex = start;
    if (kind === "#" || rawOpening.test(source)) {
      const end = kind === "#" ? after(source, "#}", start + 2) : rawEnd(source, rawOpening.lastIndex);
      if (end > offset) return { place: { kind: "comment" }, statements };
      position = end;
      continue;
    }
    const closer = kind === "{" ? "}}" : "%}";
    const tagStart = start + 2 + ("-+".includes(source.charAt(start + 2)) && start + 2 < source.length ? 1 : 0);
    const { end, tokens } = tagAt(source, tagStart, closer);
    if (end > offset) return { place: { kind: kind === "{" ? "print" : "statement", start: tagStart }, statements };
    if (kind === "%") statements.push(tokens);
    position = end;
  }
}

function tagAt(source: string, start: number, closer: "}}" | "%}"): { end: number; tokens: readonly Token[] } {
  try {
    return scanTokens(source, start, closer);
  } catch (thrown) {
    if (!(thrown instanceof LanguageError)) throw thrown;
    // Unreadable, it ends where it looks as if it did.
    return { end: after(source, closer, start), tokens: [] };
  }
}

function textPlace(source: string, offset: number): Place {
  const lineStart = Math.max(source.lastIndexOf("\n", offset - 1), source.lastIndexOf("\r", offset - 1)) + 1;
  const marker = splice.exec(source.slice(lineStart, offset));
  return marker === null ? { kind: "text", lineStart } : { kind: "expression", start: lineStart + marker[0].length };
}

function rawEnd(source: string, from: number): number {
  rawClosing.lastIndex = from;
  return rawClosing.test(source) ? rawClosing.lastIndex : Infinity;
}

function after(source: string, closer: string, from: number): number {
  const index = source.indexOf(closer, from);
  return index < 0 ? Infinity : index + closer.length;
}
