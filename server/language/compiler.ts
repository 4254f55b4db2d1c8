import type { Binding } from "./binding.ts";
import { Fault, type Span } from "./language-error.ts";
import { skipped, type LanguageRecord, type LanguageValue, type Result } from "./language-value.ts";
import type { Frame, Runtime } from "./runtime.ts";
import type { ExpressionNode, NamedArgument, NameNode } from "./syntax.ts";
import type { Tolerance } from "./tolerance.ts";
import { skippedFault } from "./value-text.ts";

/** An expression made ready: computes it in an activation. Throws a `Fault`, having set `run.site` to the part at fault. */
export type Evaluate = (run: Runtime, frame: Frame) => Result;

/** What the parts of the compiler share. */
export interface Compilation {
  readonly source: string;
  readonly binding: (name: NameNode) => Binding;
  readonly compile: (node: ExpressionNode, tolerance: Tolerance) => Evaluate;
}

/** The value, if it is one that may be read with this tolerance. `missing` makes the fault of one that is not there. */
export function settled(
  value: Result,
  tolerance: Tolerance,
  run: Runtime,
  site: Span,
  missing: (run: Runtime) => Fault,
  what: string,
): Result {
  if (value === undefined) {
    if (tolerance === "optional") return undefined;
    run.site = site;
    throw missing(run);
  }
  if (value === skipped && tolerance === "strict") {
    run.site = site;
    throw skippedFault(what);
  }
  return value;
}

/** A piece of source for a message, cut where it is long. */
export function excerpt(source: string, span: Span): string {
  const text = source.slice(span.start, span.end).replace(/\s+/g, " ");
  return `\`${text.length > 60 ? `${text.slice(0, 57)}...` : text}\``;
}

/** Named arguments as a record of their values. */
export function compileNamed(
  named: readonly NamedArgument[],
  context: Compilation,
): (run: Runtime, frame: Frame) => LanguageRecord {
  if (named.length === 0) return () => nothingNamed;
  const compiled = named.map(({ name, value }) => ({ name, value: context.compile(value, "strict") }));
  return (run, frame) => {
    const record: { [name: string]: LanguageValue } = Object.create(null);
    for (const { name, value } of compiled) record[name] = value(run, frame) as LanguageValue;
    return record;
  };
}

const nothingNamed: LanguageRecord = Object.freeze(Object.create(null));
