import type { Span } from "#server/language/language-error.ts";
import { expressionPieces, templatePieces, type SourcePiece } from "#server/language/source-pieces.ts";
import type { BodyLanguage } from "#server/notebook/cell-kind.ts";
import { commentStart } from "#server/notebook/test-lines.ts";
import { yamlPieces, type YamlPiece } from "../languages/yaml-pieces";

/** A free name in a source with the members behind it: `triage.correct`. */
export interface SourceName {
  readonly parts: readonly (Span & { readonly text: string })[];
}

export type Piece = SourcePiece | YamlPiece;

/** The pieces of a source in one of the languages that are ours; null for one of somebody else's. */
export function piecesOf(language: BodyLanguage, source: string): readonly Piece[] | null {
  switch (language) {
    case "template":
    case "messages":
      return templatePieces(source, { roles: language === "messages" });
    case "expressions":
      return expressionLines(source);
    case "checks":
    case "none":
      return yamlPieces(source);
    case "data":
    case "cells":
      return [];
    case "sql":
    case "expression-sql":
    case "javascript":
      return null;
  }
}

/** A test's lines: expressions and comments. */
function expressionLines(source: string): readonly Piece[] {
  let offset = 0;
  return source.split("\n").flatMap((line): readonly Piece[] => {
    const start = offset;
    offset += line.length + 1;
    const end = commentStart(line);
    const expression = expressionPieces(line.slice(0, end), start);
    if (end === line.length) return expression;
    return [...expression, { kind: "comment", start: start + end, end: start + line.length }];
  });
}

/** Fields of a configuration whose value is the name of a cell. */
const namingFields: ReadonlySet<string> = new Set(["from", "data", "rows", "columns", "after", "optional"]);

/** The free names among the pieces of a source, in their order. */
export function namesAmong(pieces: readonly Piece[], source: string): readonly SourceName[] {
  const names: SourceName[] = [];
  const part = ({ start, end }: Span) => ({ start, end, text: source.slice(start, end) });
  for (const [place, piece] of pieces.entries()) {
    if (piece.kind === "word" && "key" in piece && namingFields.has(piece.key ?? "")) names.push(dotted(piece, source));
    if (piece.kind !== "name") continue;
    const parts = [part(piece)];
    for (let next = place + 1; pieces[next + 1]?.kind === "member"; next += 2) {
      const [dot, member] = [pieces[next]!, pieces[next + 1]!];
      if (source.slice(dot.start, dot.end) !== ".") break;
      parts.push(part(member));
    }
    names.push({ parts });
  }
  return names;
}

/** A word as it names a cell: `triage.correct`. */
function dotted({ start, end }: Span, source: string): SourceName {
  let at = start;
  return {
    parts: source
      .slice(start, end)
      .split(".")
      .map((text) => {
        const from = at;
        at += text.length + 1;
        return { text, start: from, end: from + text.length };
      }),
  };
}

/** The name at a place of a source, with how many of its parts stand before or at the place. */
export function nameAt(
  names: readonly SourceName[],
  offset: number,
): { readonly name: SourceName; readonly part: number } | null {
  for (const name of names) {
    const part = name.parts.findIndex(({ start, end }) => start <= offset && offset <= end);
    if (part >= 0) return { name, part };
  }
  return null;
}
