import type { CellError } from "#server/notebook/value.ts";
import { analysisOf } from "./analysis.ts";
import { readExpression } from "./expression-parser.ts";
import { LanguageError } from "./language-error.ts";
import type { Expression, Template } from "./syntax.ts";
import { parseStatements } from "./template-parser.ts";
import { tooDeep, TokenCursor } from "./token-cursor.ts";
import { scanTokens } from "./tokens.ts";

export interface TemplateOptions {
  /** Whether `user:`, `messages: =…` and `\user:` alone on a line mean messages (default) or are text like any other. */
  readonly roles?: boolean;
}

/** Parses a template; throws a `LanguageError` at the first problem. */
export function parseTemplate(source: string, { roles = true }: TemplateOptions = {}): Template {
  const body = parseStatements(source, roles, (thrown) => {
    throw thrown;
  });
  return analyzed({ kind: "template", source, body });
}

/** Parses an expression, which is all of `source`; throws a `LanguageError` at the first problem. */
export function parseExpression(source: string): Expression {
  const cursor = new TokenCursor(source, scanTokens(source, 0, null).tokens);
  const root = readExpression(cursor);
  cursor.expectEnd();
  return analyzed({ kind: "expression", source, root });
}

/** Names are bound here and not at the first use, because that finds problems too. */
function analyzed<Parsed extends Template | Expression>(parsed: Parsed): Parsed {
  bound(parsed);
  return parsed;
}

/** All problems of a template, in their order. */
export function templateProblems(source: string, { roles = true }: TemplateOptions = {}): readonly CellError[] {
  const problems: LanguageError[] = [];
  const collect = (thrown: unknown) => {
    if (!(thrown instanceof LanguageError)) throw thrown;
    problems.push(thrown);
  };
  const body = parseStatements(source, roles, collect);
  try {
    bound({ kind: "template", source, body });
  } catch (thrown) {
    collect(thrown);
  }
  return problems.sort((left, right) => left.position.offset - right.position.offset);
}

function bound(parsed: Template | Expression): void {
  try {
    analysisOf(parsed);
  } catch (thrown) {
    // Long chains in deep brackets: each alone is within its bound, together they are too much for the stack.
    throw thrown instanceof RangeError ? tooDeep(parsed.source, { start: 0, end: parsed.source.length }) : thrown;
  }
}
