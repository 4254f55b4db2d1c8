import { readExpression, readTuple } from "./expression-parser.ts";
import { syntaxError, type LanguageError, type Span } from "./language-error.ts";
import { suggestion } from "./nearest-name.ts";
import { positionAt } from "./position.ts";
import { splitRoleLines } from "./role-lines.ts";
import * as heads from "./statement-heads.ts";
import type { CallNode, ExpressionNode, IfStatement, NameNode, Statement } from "./syntax.ts";
import { scanTemplate, type Piece } from "./template-scanner.ts";
import { deepestNesting, tooDeep, TokenCursor } from "./token-cursor.ts";
import { scanTokens } from "./tokens.ts";

/** The words that begin a statement. `set` has a body where no `=` follows. */
export const statementNames = ["if", "for", "set", "macro", "call", "filter", "with", "raw"] as const;

type Text = Extract<Piece, { kind: "text" }>;
type Tag = Exclude<Piece, { kind: "text" }>;

/**
 * Parses a template. `onError` gets each problem; where it returns, parsing goes on behind the problem and what it
 * gives is good only for finding more of them.
 */
export function parseStatements(
  source: string,
  roles: boolean,
  onError: (thrown: unknown) => void,
): readonly Statement[] {
  return new TemplateParser(source, roles, onError).body(null, []).statements;
}

class TemplateParser {
  private readonly source: string;
  private readonly roles: boolean;
  private readonly onError: (thrown: unknown) => void;
  private readonly pieces: readonly Piece[];
  private readonly open: Tag[] = [];
  private place = 0;

  constructor(source: string, roles: boolean, onError: (thrown: unknown) => void) {
    this.source = source;
    this.roles = roles;
    this.onError = onError;
    this.pieces = scanTemplate(source, onError);
  }

  /** The statements up to a tag that ends the block which `opening` began, or to the end of the template. */
  body(opening: Tag | null, ends: readonly string[]): { statements: Statement[]; end: Tag | null } {
    const statements: Statement[] = [];
    if (opening !== null) {
      if (this.open.length >= deepestNesting) throw tooDeep(this.source, opening);
      this.open.push(opening);
    }
    let end: Tag | null = null;
    for (let piece = this.pieces[this.place]; piece !== undefined && end === null; piece = this.pieces[this.place]) {
      this.place += 1;
      if (piece.kind === "text") statements.push(...this.text(piece));
      else if (piece.kind === "statement" && ends.includes(wordOf(piece))) end = piece;
      else this.attempt(() => statements.push(piece.kind === "print" ? this.print(piece) : this.statement(piece)), 0);
    }
    if (opening !== null) this.open.pop();
    if (opening !== null && end === null) this.attempt(() => this.unended(opening, ends), null);
    return { statements, end };
  }

  /** Gives `otherwise` where there is a problem. */
  private attempt<T>(parse: () => T, otherwise: T): T {
    try {
      return parse();
    } catch (thrown) {
      this.onError(thrown);
      return otherwise;
    }
  }

  private text({ start, end, from, to, raw }: Text): Statement[] {
    const clip = (start: number, end: number) =>
      this.source.slice(Math.max(start, from), Math.max(Math.min(end, to), from)).replace(/\r\n?/g, "\n");
    if (!this.roles || raw) return from < to ? [{ kind: "text", text: clip(from, to), start: from, end: to }] : [];
    return splitRoleLines(this.source, start, end).flatMap((part): Statement[] => {
      const span = { start: part.start, end: part.end };
      const text = clip(part.start, part.end);
      switch (part.kind) {
        case "text":
          return text === "" ? [] : [{ kind: "text", text, ...span }];
        case "role":
          return [{ kind: "role", role: part.role, text, ...span }];
        case "escaped":
          return [{ kind: "escaped", content: text.slice(1), text, ...span }];
        case "splice": {
          const expression = this.attempt(() => this.splice(part.expressionStart, part.expressionEnd), null);
          return expression === null ? [] : [{ kind: "splice", expression, text, ...span }];
        }
      }
    });
  }

  private splice(start: number, end: number): ExpressionNode {
    const cursor = new TokenCursor(this.source, scanTokens(this.source, start, null, { start, end }, end).tokens);
    const expression = readExpression(cursor);
    cursor.expectEnd();
    return expression;
  }

  private print(tag: Tag): Statement {
    const cursor = new TokenCursor(this.source, tag.tokens);
    const expression = readTuple(cursor);
    cursor.expectEnd();
    return { kind: "print", expression, start: tag.start, end: tag.end };
  }

  private statement(tag: Tag): Statement {
    const cursor = new TokenCursor(this.source, tag.tokens);
    const word = cursor.expectName("the name of a statement");
    switch (word.text) {
      case "if":
        return this.ifStatement(tag, cursor);
      case "for": {
        const nothing: ExpressionNode = { kind: "list", items: [], start: tag.start, end: tag.end };
        const unread = { target: unnamed(tag), iterable: nothing, condition: null };
        const head = this.attempt(() => heads.readForHead(cursor), unread);
        return { kind: "for", ...head, ...this.forBody(tag) };
      }
      case "set":
        return this.setStatement(tag, cursor);
      case "macro": {
        const name = this.attempt(() => heads.readName(cursor), unnamed(tag));
        const parameters = this.attempt(() => heads.readParameters(cursor), []);
        return { kind: "macro", name, parameters, ...this.rest(tag, cursor, "endmacro") };
      }
      case "call": {
        const parameters = this.attempt(() => (cursor.isOperator("(") ? heads.readParameters(cursor) : []), []);
        const unread: CallNode = {
          kind: "call",
          callee: unnamed(tag),
          positional: [],
          named: [],
          start: tag.start,
          end: tag.end,
        };
        const call = this.attempt(() => heads.readCall(cursor), unread);
        return { kind: "call-block", parameters, call, ...this.rest(tag, cursor, "endcall") };
      }
      case "filter": {
        const filters = this.attempt(() => heads.readFilterCalls(cursor), []);
        return { kind: "filter-block", filters, ...this.rest(tag, cursor, "endfilter") };
      }
      case "with": {
        const bindings = this.attempt(() => heads.readBindings(cursor), []);
        return { kind: "with", bindings, ...this.rest(tag, cursor, "endwith") };
      }
      default:
        throw this.unknown(word.text, word);
    }
  }

  private ifStatement(tag: Tag, first: TokenCursor): IfStatement {
    const branches: { condition: ExpressionNode; body: readonly Statement[] }[] = [];
    const absent: ExpressionNode = { kind: "literal", value: null, start: tag.start, end: tag.end };
    let otherwise: readonly Statement[] | null = null;
    let cursor: TokenCursor | null = first;
    let end: Tag | null = tag;
    while (cursor !== null) {
      const head: TokenCursor = cursor;
      const condition = this.attempt(() => heads.readCondition(head), absent);
      const parsed: { statements: Statement[]; end: Tag | null } = this.body(tag, ["elif", "else", "endif"]);
      branches.push({ condition, body: parsed.statements });
      end = parsed.end;
      cursor = end === null ? null : this.after(end);
      if (end !== null && wordOf(end) === "elif") continue;
      cursor = null;
      if (end !== null && wordOf(end) === "else") {
        this.ended(end);
        ({ statements: otherwise, end } = this.body(tag, ["endif"]));
      }
    }
    this.ended(end);
    return { kind: "if", branches, otherwise, start: tag.start, end: end?.end ?? this.source.length };
  }

  private forBody(tag: Tag) {
    let { statements: body, end } = this.body(tag, ["else", "endfor"]);
    let otherwise: readonly Statement[] | null = null;
    if (end !== null && wordOf(end) === "else") {
      this.ended(end);
      ({ statements: otherwise, end } = this.body(tag, ["endfor"]));
    }
    this.ended(end);
    return { body, otherwise, start: tag.start, end: end?.end ?? this.source.length };
  }

  private setStatement(tag: Tag, cursor: TokenCursor): Statement {
    const target = heads.readTarget(cursor, true);
    if (cursor.takeOperator("=")) {
      const value = readTuple(cursor);
      cursor.expectEnd();
      return { kind: "set", target, value, start: tag.start, end: tag.end };
    }
    if (target.kind !== "name") throw cursor.unexpected("`=`");
    const filters = this.attempt(() => (cursor.takeOperator("|") ? heads.readFilterCalls(cursor) : []), []);
    return { kind: "set-block", target, filters, ...this.rest(tag, cursor, "endset") };
  }

  /** The body of a statement with a single end. */
  private rest(tag: Tag, cursor: TokenCursor, ending: string): Span & { body: readonly Statement[] } {
    this.attempt(() => cursor.expectEnd(), undefined);
    const { statements: body, end } = this.body(tag, [ending]);
    this.ended(end);
    return { body, start: tag.start, end: end?.end ?? this.source.length };
  }

  private after(tag: Tag): TokenCursor {
    const cursor = new TokenCursor(this.source, tag.tokens);
    cursor.take();
    return cursor;
  }

  private ended(end: Tag | null): void {
    if (end === null) return;
    const cursor = this.after(end);
    // Jinja allows the macro's name here.
    if (wordOf(end) === "endmacro" && cursor.current.type === "name") cursor.take();
    this.attempt(() => cursor.expectEnd(), undefined);
  }

  private unended(opening: Tag, ends: readonly string[]): never {
    const word = wordOf(opening);
    throw syntaxError(
      this.source,
      opening,
      `\`{% ${word} %}\` is never ended`,
      `End it with \`{% ${ends.at(-1)} %}\`.`,
    );
  }

  private unknown(word: string, span: Span): LanguageError {
    if (/^(?:end[a-z]*|else|elif)$/.test(word)) {
      const open = this.open.at(-1);
      if (open === undefined) return syntaxError(this.source, span, `\`{% ${word} %}\` ends nothing`);
      // A template may stand anywhere in a file, whose lines are others.
      const above = positionAt(this.source, span.start).line - positionAt(this.source, open.start).line;
      const where = above === 0 ? "the same line" : above === 1 ? "the line above" : `${above} lines above`;
      const place = `\`{% ${wordOf(open)} %}\` of ${where}`;
      return syntaxError(this.source, span, `\`{% ${word} %}\` stands within the ${place}`, "End that first.");
    }
    const cure =
      word === "break" || word === "continue"
        ? "`{% for x in xs if … %}` leaves elements out."
        : `There are ${statementNames.map((name) => `\`${name}\``).join(", ")}.`;
    return syntaxError(this.source, span, `there is no statement \`${word}\`${suggestion(word, statementNames)}`, cure);
  }
}

function wordOf(tag: Tag): string {
  const [first] = tag.tokens;
  return tag.kind === "statement" && first?.type === "name" ? first.text : "";
}

/** Stands for a name that could not be read. */
function unnamed(tag: Span): NameNode {
  return { kind: "name", name: "", start: tag.start, end: tag.start };
}
