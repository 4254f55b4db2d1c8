import type { Message } from "#server/notebook/value.ts";
import { compileExpression } from "./compile-expression.ts";
import { StatementCompiler, type Execute } from "./compile-template.ts";
import type { Compilation, Evaluate } from "./compiler.ts";
import { Fault, placed } from "./language-error.ts";
import type { LanguageValue, Scope } from "./language-value.ts";
import { messagesOf } from "./messages.ts";
import type { Limits } from "./meter.ts";
import { Frame, Runtime } from "./runtime.ts";
import type { Expression, Template } from "./syntax.ts";

/**
 * The text of a template. Lines that would begin messages are text like any other.
 * Throws a `LanguageError` with the position of the part at fault.
 */
export function renderTemplate(template: Template, scope: Scope, limits?: Partial<Limits>): string {
  return running(template, scope, limits, (run) => {
    const program = programOf(template);
    program.execute(run, new Frame(program.slots, null));
    return run.output;
  });
}

/**
 * The messages of a template: `system:`, `user:` or `assistant:` alone on a line of its own text begins one,
 * `messages: =…` puts a list of them in its place. No value can begin a message.
 */
export function renderMessages(template: Template, scope: Scope, limits?: Partial<Limits>): readonly Message[] {
  return running(template, scope, limits, (run) => {
    const program = programOf(template);
    const marks = (run.marks = []);
    program.execute(run, new Frame(program.slots, null));
    return messagesOf({ text: run.output, marks });
  });
}

/** The value of an expression. Throws a `LanguageError` with the position of the part at fault. */
export function evaluate(expression: Expression, scope: Scope, limits?: Partial<Limits>): LanguageValue {
  // Read strictly, it has a value.
  return running(expression, scope, limits, (run) => evaluatorOf(expression)(run, noFrame) as LanguageValue);
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

const programs = new WeakMap<Template, { readonly slots: number; readonly execute: Execute }>();
const evaluators = new WeakMap<Expression, Evaluate>();

function programOf(template: Template) {
  let program = programs.get(template);
  if (program === undefined) {
    const { analysis } = template;
    const compiler = new StatementCompiler(compilationOf(template), analysis);
    program = { slots: analysis.slots.get(template.body)!, execute: compiler.sequence(template.body) };
    programs.set(template, program);
  }
  return program;
}

function evaluatorOf(expression: Expression): Evaluate {
  let evaluator = evaluators.get(expression);
  if (evaluator === undefined) {
    evaluator = compilationOf(expression).compile(expression.root, "strict");
    evaluators.set(expression, evaluator);
  }
  return evaluator;
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
