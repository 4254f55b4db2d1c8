import type { CellError } from "#server/notebook/value.ts";
import { analyzeExpression, analyzeTemplate } from "./analysis.ts";
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
  return { kind: "template", source, body, analysis: bounded(source, () => analyzeTemplate(source, body)), ready: {} };
}

/** Parses an expression, which is all of `source`; throws a `LanguageError` at the first problem. */
export function parseExpression(source: string): Expression {
  const cursor = new TokenCursor(source, scanTokens(source, 0, null).tokens);
  const root = readExpression(cursor);
  cursor.expectEnd();
  return {
    kind: "expression",
    source,
    root,
    analysis: bounded(source, () => analyzeExpression(source, root)),
    ready: {},
  };
}

/** More problems of one template help nobody, and each has its line counted. */
const mostProblems = 100;

/** The problems of a template, in their order: all, or the first hundred that are met. */
export function templateProblems(source: string, { roles = true }: TemplateOptions = {}): readonly CellError[] {
  const problems: LanguageError[] = [];
  const collect = (thrown: unknown) => {
    if (!(thrown instanceof LanguageError) || problems.length === mostProblems) throw thrown;
    problems.push(thrown);
  };
  try {
    const body = parseStatements(source, roles, collect);
    bounded(source, () => analyzeTemplate(source, body));
  } catch (thrown) {
    if (problems.length < mostProblems) collect(thrown);
    else if (!(thrown instanceof LanguageError)) throw thrown;
  }
  return problems.sort((left, right) => left.position.offset - right.position.offset);
}

/** Long chains in deep brackets: each is within its bound, and together they are too much for the stack. */
function bounded<T>(source: string, analyze: () => T): T {
  try {
    return analyze();
  } catch (thrown) {
    throw thrown instanceof RangeError ? tooDeep(source, { start: 0, end: source.length }) : thrown;
  }
}
