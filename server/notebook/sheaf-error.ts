import type { CellError, Position } from "./value.ts";

/** An error that says what, where and what to do. Thrown inside; shown as the `CellError` it carries. */
export class SheafError extends Error implements CellError {
  override readonly name = "SheafError";
  readonly code: string;
  readonly cure?: string;
  readonly position?: Position;

  constructor(code: string, message: string, more: { cure?: string; position?: Position; cause?: unknown } = {}) {
    super(message, "cause" in more ? { cause: more.cause } : undefined);
    this.code = code;
    if (more.cure !== undefined) this.cure = more.cure;
    if (more.position !== undefined) this.position = more.position;
  }
}

/** The one funnel for anything thrown: a `SheafError` keeps its facts, anything else becomes code `internal`. */
export function toCellError(thrown: unknown): CellError {
  if (thrown instanceof SheafError) {
    return {
      code: thrown.code,
      message: thrown.message,
      ...(thrown.cure === undefined ? {} : { cure: thrown.cure }),
      ...(thrown.position === undefined ? {} : { position: thrown.position }),
    };
  }
  return { code: "internal", message: thrown instanceof Error ? thrown.message : String(thrown) };
}
