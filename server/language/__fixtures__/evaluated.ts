import {
  evaluate,
  LanguageError,
  parseExpression,
  parseTemplate,
  renderMessages,
  renderTemplate,
  scopeOf,
  type LanguageRecord,
  type LanguageValue,
  type Limits,
} from "#server/language/index.ts";

/** The text of a template. */
export function text(source: string, values: LanguageRecord = {}, limits?: Partial<Limits>): string {
  return renderTemplate(parseTemplate(source), scopeOf(values), limits);
}

/** The messages of a template as `role: content`. */
export function messages(source: string, values: LanguageRecord = {}): readonly string[] {
  return renderMessages(parseTemplate(source), scopeOf(values)).map(({ role, content }) => `${role}: ${content}`);
}

/** The value of an expression. */
export function value(source: string, values: LanguageRecord = {}, limits?: Partial<Limits>): LanguageValue {
  return evaluate(parseExpression(source), scopeOf(values), limits);
}

/** The error of an expression as `code line:column+length message → cure`. */
export function fault(source: string, values: LanguageRecord = {}, limits?: Partial<Limits>): string {
  return failure(() => value(source, values, limits));
}

/** The error of a template, likewise. */
export function templateFault(source: string, values: LanguageRecord = {}, limits?: Partial<Limits>): string {
  return failure(() => text(source, values, limits));
}

/** What a call throws, likewise; any error but one of the language is thrown on. */
export function failure(call: () => unknown): string {
  try {
    call();
  } catch (thrown) {
    if (!(thrown instanceof LanguageError)) throw thrown;
    const { code, message, cure, position } = thrown;
    const place = `${position.line}:${position.column}+${position.length}`;
    return `${code.replace("language.", "")} ${place} ${message}${cure === undefined ? "" : ` → ${cure}`}`;
  }
  return "no error";
}
