import { keywords } from "./expression-parser.ts";
import { functions } from "./functions.ts";
import { LanguageError, type Span } from "./language-error.ts";
import { parseExpression, parseTemplate } from "./parse.ts";
import { splitRoleLines } from "./role-lines.ts";
import { scanTemplate } from "./template-scanner.ts";
import { scanTokens, type Token } from "./tokens.ts";

/** A piece of a source and what it is, for an editor that shows it. */
export interface SourcePiece extends Span {
  readonly kind:
    | "role"
    | "tag"
    | "print"
    | "keyword"
    | "name"
    | "local"
    | "member"
    | "argument"
    | "function"
    | "filter"
    | "test"
    | "string"
    | "number"
    | "operator"
    | "comment"
    | "escape";
}

/**
 * The pieces of a template in their order, without its plain text. The source need not be finished: what cannot be read is left out,
 * and a name that the template binds itself is told from a free one (`local`) only where all of it can be read.
 */
export function templatePieces(source: string, { roles }: { readonly roles: boolean }): readonly SourcePiece[] {
  const pieces: SourcePiece[] = [];
  const free = freeNames(() => parseTemplate(source, { roles }));
  let done = 0;
  for (const piece of scanTemplate(source, passOver)) {
    pieces.push(...betweenPieces(source, done, piece.start));
    done = piece.end;
    if (piece.kind === "text") {
      if (roles && !piece.raw) pieces.push(...rolePieces(source, piece.start, piece.end, free));
      continue;
    }
    const kind = piece.kind === "print" ? "print" : "tag";
    const [first] = piece.tokens;
    const closer = piece.tokens.at(-1)!;
    const head = source.slice(piece.start, first!.start).trimEnd().length;
    pieces.push({ kind, start: piece.start, end: piece.start + head });
    pieces.push(...tokenPieces(piece.tokens, piece.kind === "statement", free));
    pieces.push({ kind, start: closer.start, end: closer.end });
  }
  pieces.push(...betweenPieces(source, done, source.length));
  return pieces;
}

/** The pieces of an expression, whose source need not be finished; `offset` is added to their places. */
export function expressionPieces(source: string, offset = 0): readonly SourcePiece[] {
  const pieces = plainExpression(
    source,
    0,
    source.length,
    freeNames(() => parseExpression(source)),
  );
  return pieces.map((piece) => ({ ...piece, start: piece.start + offset, end: piece.end + offset }));
}

/** Where the free names are; null where they are not known. */
type FreeNames = ReadonlySet<number> | null;

function freeNames(parse: () => ReturnType<typeof parseTemplate> | ReturnType<typeof parseExpression>): FreeNames {
  try {
    return new Set(parse().analysis.uses.map(({ node }) => node.start));
  } catch (thrown) {
    passOver(thrown);
    return null;
  }
}

function passOver(thrown: unknown): void {
  if (!(thrown instanceof LanguageError)) throw thrown;
}

/** Comments, the tags around raw text, and openings whose tag cannot be read. */
function betweenPieces(source: string, start: number, end: number): readonly SourcePiece[] {
  const pieces: SourcePiece[] = [];
  for (let at = start; at < end;) {
    const comment = source.startsWith("{#", at);
    const closer = source.indexOf(comment ? "#}" : "%}", at + 2);
    const close = closer < 0 || closer + 2 > end ? Math.min(at + 2, end) : closer + 2;
    pieces.push({ kind: comment && close > at + 2 ? "comment" : "tag", start: at, end: close });
    at = close;
  }
  return pieces;
}

function rolePieces(source: string, start: number, end: number, free: FreeNames): readonly SourcePiece[] {
  return splitRoleLines(source, start, end).flatMap((part): readonly SourcePiece[] => {
    switch (part.kind) {
      case "text":
        return [];
      case "role":
        return [{ kind: "role", start: part.start, end: part.start + part.role.length + 1 }];
      case "escaped":
        return [{ kind: "escape", start: part.start, end: part.start + 1 }];
      case "splice":
        return [
          { kind: "role", start: part.start, end: part.start + "messages:".length },
          { kind: "operator", start: part.expressionStart - 1, end: part.expressionStart },
          ...plainExpression(source, part.expressionStart, part.expressionEnd, free),
        ];
    }
  });
}

function plainExpression(source: string, start: number, end: number, free: FreeNames): readonly SourcePiece[] {
  try {
    return tokenPieces(scanTokens(source, start, null, { start, end }, end).tokens, false, free);
  } catch (thrown) {
    if (!(thrown instanceof LanguageError)) throw thrown;
    const { offset } = thrown.position;
    // A text that is not closed, or a character that means nothing: what stands before it can be read.
    return offset > start && offset < end ? plainExpression(source, start, offset, free) : [];
  }
}

function tokenPieces(tokens: readonly Token[], statement: boolean, free: FreeNames): readonly SourcePiece[] {
  let depth = 0;
  return tokens.flatMap((token, place): readonly SourcePiece[] => {
    if (token.type === "end") return [];
    if (token.type === "operator") {
      if ("([{".includes(token.text)) depth += 1;
      if (")]}".includes(token.text)) depth -= 1;
    }
    const kind =
      token.type !== "name"
        ? token.type
        : statement && place === 0
          ? "keyword"
          : nameKind(token, tokens, place, depth, free);
    return [{ kind, start: token.start, end: token.end }];
  });
}

function nameKind(
  token: Token,
  tokens: readonly Token[],
  place: number,
  depth: number,
  free: FreeNames,
): SourcePiece["kind"] {
  const before = tokens[place - 1];
  const after = tokens[place + 1];
  if (isText(before, ".")) return "member";
  if (isText(before, "|") || (place === 1 && before?.text === "filter")) return "filter";
  if (keywords.has(token.text)) return "keyword";
  if (isText(before, "is") || (isText(before, "not") && isText(tokens[place - 2], "is"))) return "test";
  if (depth > 0 && isText(after, "=")) return "argument";
  if (isText(after, "(") && (functions.has(token.text) || token.text === "meta")) return "function";
  return free === null || free.has(token.start) ? "name" : "local";
}

function isText(token: Token | undefined, text: string): boolean {
  return token !== undefined && token.type !== "string" && token.text === text;
}
