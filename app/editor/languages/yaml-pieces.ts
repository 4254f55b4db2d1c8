import { CST, Lexer } from "yaml";
import { expressionPieces, type SourcePiece } from "#server/language/source-pieces.ts";

/** A piece of YAML with expressions: what the expression language has, a key, or a plain word. */
export interface YamlPiece {
  readonly kind: SourcePiece["kind"] | "key" | "word";
  readonly start: number;
  readonly end: number;
  /** Of a word or a name, the key it stands behind. */
  readonly key?: string;
}

interface Lexeme {
  readonly text: string;
  readonly start: number;
  /** True for a plain scalar. */
  readonly plain: boolean;
}

/** The pieces of a text of YAML, finished or not, as the library that parses it reads it; a value that begins with `=` is an expression. */
export function yamlPieces(source: string): readonly YamlPiece[] {
  const lexemes = lexemesOf(source);
  const pieces: YamlPiece[] = [];
  let key = "";
  for (const [place, { text, start, plain }] of lexemes.entries()) {
    const end = start + text.length;
    if (text.startsWith("#")) pieces.push({ kind: "comment", start, end });
    else if (plain || /^["']/.test(text)) {
      if (isKey(lexemes, place)) {
        key = text;
        pieces.push({ kind: "key", start, end });
      } else pieces.push(...valuePieces(text, start, key));
    } else if (/^[-:?,[\]{}&*!|>]/.test(text)) pieces.push({ kind: "operator", start, end });
  }
  return pieces;
}

/** What the lexer writes between lexemes: a document begins, a plain scalar follows, a flow collection breaks off. */
const marks: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.SCALAR, CST.FLOW_END, CST.BOM]);

function lexemesOf(source: string): readonly Lexeme[] {
  const lexemes: Lexeme[] = [];
  let start = 0;
  let plain = false;
  for (const text of new Lexer().lex(source)) {
    if (marks.has(text)) {
      plain = text === CST.SCALAR;
      continue;
    }
    lexemes.push({ text, start, plain });
    start += text.length;
    plain = false;
  }
  return lexemes;
}

function isKey(lexemes: readonly Lexeme[], place: number): boolean {
  const next = lexemes[place + 1];
  const after = next !== undefined && /^[ \t]+$/.test(next.text) ? lexemes[place + 2] : next;
  return after?.text === ":" && !after.plain;
}

function valuePieces(text: string, start: number, key: string): readonly YamlPiece[] {
  const end = start + text.length;
  const quote = /^["']/.exec(text)?.[0];
  if (text.startsWith("="))
    return [{ kind: "operator", start, end: start + 1 }, ...expressionPieces(text.slice(1), start + 1)];
  if (quote !== undefined) {
    const inside = text.slice(1, text.endsWith(quote) && text.length > 1 ? -1 : undefined);
    // With escapes in it, places in the expression are not places in the text.
    if (!inside.startsWith("=") || /\\|''/.test(inside)) return [{ kind: "string", start, end }];
    return [{ kind: "operator", start: start + 1, end: start + 2 }, ...expressionPieces(inside.slice(1), start + 2)];
  }
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text)) return [{ kind: "number", start, end }];
  if (/^(?:true|false|null|~)$/.test(text)) return [{ kind: "keyword", start, end }];
  return text.includes("\n") ? [{ kind: "string", start, end }] : [{ kind: "word", start, end, key }];
}
