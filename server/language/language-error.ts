import type { CellError, Position } from "#server/notebook/value.ts";
import { positionAt } from "./position.ts";

/** A stretch of source, in UTF-16 code units from 0; `end` is the first one after it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What is wrong with a template or an expression, and where in its source. */
export class LanguageError extends Error implements CellError {
  override readonly name = "LanguageError";
  /** `language.syntax`, `.undefined`, `.type`, `.value`, `.skipped`, `.limit`, `.rename`; or the code of a host's own error. */
  readonly code: string;
  readonly cure?: string;
  readonly position: Position;

  constructor(code: string, message: string, more: { position: Position; cure?: string | undefined; cause?: unknown }) {
    super(message, "cause" in more ? { cause: more.cause } : undefined);
    this.code = code;
    this.position = more.position;
    if (more.cure !== undefined) this.cure = more.cure;
  }
}

/**
 * An error of a value or function that does not know where in a source it was used; the evaluator turns it into a
 * `LanguageError` there. Host values and host functions throw it too.
 */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly code: string;
  readonly cure?: string;

  constructor(code: string, message: string, cure?: string) {
    super(message);
    this.code = code;
    if (cure !== undefined) this.cure = cure;
  }
}

/** A syntax error at a span of a source. */
export function syntaxError(source: string, span: Span, message: string, cure?: string): LanguageError {
  return new LanguageError("language.syntax", message, { cure, position: positionAt(source, span.start, span.end) });
}

/** What was thrown, placed at a span: any error with a dotted code keeps it; anything else is a defect and comes back as it is. */
export function placed(thrown: unknown, source: string, span: Span): unknown {
  if (thrown instanceof LanguageError || !(thrown instanceof Error)) return thrown;
  const { code, cure } = thrown as Error & { code?: unknown; cure?: unknown };
  if (typeof code !== "string" || !/^[a-z-]+(\.[a-z-]+)+$/.test(code)) return thrown;
  const position = positionAt(source, span.start, span.end);
  return new LanguageError(code, thrown.message, {
    position,
    cure: typeof cure === "string" ? cure : undefined,
    cause: thrown,
  });
}
