import { syntaxError, type LanguageError, type Span } from "./language-error.ts";
import type { Token } from "./tokens.ts";

/** How deep brackets, blocks and signs may stand in each other. */
export const deepestNesting = 100;

/** Walks over the tokens of an expression or a tag. */
export class TokenCursor {
  readonly source: string;
  private readonly tokens: readonly Token[];
  private place = 0;
  private depth = 0;

  constructor(source: string, tokens: readonly Token[]) {
    this.source = source;
    this.tokens = tokens;
  }

  get current(): Token {
    return this.tokens[this.place]!;
  }

  /** Where the last token taken ended. */
  get lastEnd(): number {
    return this.tokens[Math.max(0, this.place - 1)]!.end;
  }

  peek(ahead: number): Token {
    return this.tokens[Math.min(this.place + ahead, this.tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.current;
    if (token.type !== "end") this.place += 1;
    return token;
  }

  isOperator(text: string): boolean {
    return this.current.type === "operator" && this.current.text === text;
  }

  isWord(text: string): boolean {
    return this.current.type === "name" && this.current.text === text;
  }

  takeOperator(text: string): boolean {
    return this.isOperator(text) && this.take() !== undefined;
  }

  takeWord(text: string): boolean {
    return this.isWord(text) && this.take() !== undefined;
  }

  expectOperator(text: string, after: string): Token {
    if (this.isOperator(text)) return this.take();
    throw this.unexpected(`\`${text}\` ${after}`);
  }

  expectName(what: string): Token {
    if (this.current.type === "name") return this.take();
    throw this.unexpected(what);
  }

  /** Fails where anything is left. */
  expectEnd(): void {
    if (this.current.type !== "end") throw this.unexpected(null);
  }

  unexpected(wanted: string | null, cure?: string): LanguageError {
    const { current } = this;
    const found = current.type === "end" ? "the end" : `\`${this.source.slice(current.start, current.end)}\``;
    if (wanted === null) return this.error(current, `${found} is too much here`, cure);
    return this.error(current, `expected ${wanted} and found ${found}`, cure);
  }

  error(span: Span, message: string, cure?: string): LanguageError {
    return syntaxError(this.source, span, message, cure);
  }

  /** Parses something that may hold itself, not deeper than `deepestNesting`. */
  nest<T>(parse: () => T): T {
    this.depth += 1;
    if (this.depth > deepestNesting) throw tooDeep(this.source, this.current);
    const result = parse();
    this.depth -= 1;
    return result;
  }
}

/** The error of a source nested too deeply. */
export function tooDeep(source: string, span: Span): LanguageError {
  const error = syntaxError(source, span, `nesting deeper than ${deepestNesting}`, "Name the parts with `{% set %}`.");
  return Object.assign(error, { code: "language.limit" });
}
