import type { Diagnostic } from "../notebook.ts";
import type { Reference } from "../reference.ts";
import { toCellError } from "../sheaf-error.ts";
import type { Position } from "../value.ts";

/** What a text reads, and what is wrong with it. Positions count in the text. */
export interface Found {
  readonly references: readonly Reference[];
  readonly problems: readonly Diagnostic[];
}

/** A text that reads nothing. */
export const nothing: Found = { references: [], problems: [] };

/** A reference that is read as it stands, without `.at`, `meta` or anything that tolerates a skipped value. */
export function plainReference(
  name: string,
  path: readonly string[],
  position: Position,
  field: string | null = null,
): Reference {
  return { name, path, at: null, tolerant: false, meta: false, position, field };
}

/** What a parser threw, as a problem of the text. Anything that is no error of a language is thrown on. */
export function problemOf(thrown: unknown, fallback: Position): Diagnostic {
  const error = toCellError(thrown);
  if (error.code === "internal") throw thrown;
  return { severity: "error", cure: "Correct the text here.", ...error, position: error.position ?? fallback };
}
