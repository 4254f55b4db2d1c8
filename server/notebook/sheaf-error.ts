import type { CellError, Position } from "./value.ts";

/** An error that says what, where and what to do. Thrown inside; shown as the `CellError` it carries. */
export class SheafError extends Error implements CellError {
  override readonly name = "SheafError";
  readonly code: string;
  readonly cure?: string;
  readonly position?: Position;
  readonly field?: string;

  constructor(
    code: string,
    message: string,
    more: { cure?: string; position?: Position; field?: string; cause?: unknown } = {},
  ) {
    super(message, "cause" in more ? { cause: more.cause } : undefined);
    this.code = code;
    if (more.cure !== undefined) this.cure = more.cure;
    if (more.position !== undefined) this.position = more.position;
    if (more.field !== undefined) this.field = more.field;
  }
}

/** The one funnel for anything thrown: an error with a code of ours (`language.undefined`) keeps its facts, anything else becomes `internal`. */
export function toCellError(thrown: unknown): CellError {
  if (!(thrown instanceof Error)) return { code: "internal", message: String(thrown) };
  const { code, cure, position, field } = thrown as Partial<CellError>;
  if (typeof code !== "string" || !/^[a-z-]+(\.[a-z-]+)+$/.test(code))
    return { code: "internal", message: thrown.message };
  return {
    code,
    message: thrown.message,
    ...(cure === undefined ? {} : { cure }),
    ...(position === undefined ? {} : { position }),
    ...(field === undefined ? {} : { field }),
  };
}
