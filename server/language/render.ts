import type { Message } from "#server/notebook/value.ts";
import { compileExpression } from "./compile-expression.ts";
import { StatementCompiler } from "./compile-template.ts";
import type { Compilation } from "./compiler.ts";
import { Fault, placed, type Span } from "./language-error.ts";
import type { LanguageValue, Scope } from "./language-value.ts";
import { markedMessagesOf, messagesOf, type MarkedMessage } from "./messages.ts";
import type { Limits } from "./meter.ts";
import { Frame, Runtime } from "./runtime.ts";
import type { Expression, Template } from "./syntax.ts";

/**
 * The text of a template. Lines that would begin messages are text like any other.
 * Throws a `LanguageError` with the position of the part at fault.
 */
export function renderTemplate(template: Template, scope: Scope, limits?: Partial<Limits>): string {
  return running(template, scope, limits, (run) => {
    execute(template, run);
    return run.output;
  });
}

/**
 * The messages of a template: `system:`, `user:` or `assistant:` alone on a line of its own text begins one,
 * `messages: =…` puts a list of them in its place. No value can begin a message.
 */
export function renderMessages(template: Template, scope: Scope, limits?: Partial<Limits>): readonly Message[] {
  return running(template, scope, limits, (run) => {
    const marks = (run.marks = []);
    execute(template, run);
    return messagesOf({ text: run.output, marks });
  });
}

/** The messages of a template, with the places in each where it printed values. */
export function renderMarkedMessages(template: Template, scope: Scope): readonly MarkedMessage[] {
  return running(template, scope, undefined, (run) => {
    const marks = (run.marks = []);
    const printed = (run.printed = []);
    execute(template, run);
    return markedMessagesOf({ text: run.output, marks }, printed);
  });
}

/** The text of a template, with the places in it where it printed values. */
export function renderMarkedTemplate(
  template: Template,
  scope: Scope,
): { readonly text: string; readonly values: readonly Span[] } {
  return running(template, scope, undefined, (run) => {
    const printed: Span[] = (run.printed = []);
    execute(template, run);
    return { text: run.output, values: printed.filter(({ start, end }) => start < end) };
  });
}

/** The value of an expression. Throws a `LanguageError` with the position of the part at fault. */
export function evaluate(expression: Expression, scope: Scope, limits?: Partial<Limits>): LanguageValue {
  return running(expression, scope, limits, (run) => {
    const { ready, root } = expression;
    ready.evaluate ??= compilationOf(expression).compile(root, "strict");
    // Read strictly, it has a value.
    return ready.evaluate(run, noFrame) as LanguageValue;
  });
}

const noFrame = new Frame(0, null);

function running<T>(
  parsed: Template | Expression,
  scope: Scope,
  limits: Partial<Limits> | undefined,
  body: (run: Runtime) => T,
): T {
  const run = new Runtime(scope, parsed.analysis.names, limits, { start: 0, end: parsed.source.length });
  try {
    return body(run);
  } catch (thrown) {
    // The stack is the last limit: a macro may be as deep as it is allowed and each level as deep as a line can be.
    const fault =
      thrown instanceof RangeError ? new Fault("language.limit", "this is nested too deeply to be computed") : thrown;
    throw placed(fault, parsed.source, run.site);
  }
}

function execute(template: Template, run: Runtime): void {
  const { analysis, body, ready } = template;
  ready.execute ??= new StatementCompiler(compilationOf(template), analysis).sequence(body);
  ready.execute(run, new Frame(analysis.slots.get(body)!, null));
}

function compilationOf(parsed: Template | Expression): Compilation {
  const { bindings } = parsed.analysis;
  const context: Compilation = {
    source: parsed.source,
    binding: (name) => bindings.get(name)!,
    compile: (node, tolerance) => compileExpression(node, tolerance, context),
  };
  return context;
}
