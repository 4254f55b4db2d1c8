import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { SqlTree } from "./sql-tree.ts";

/** An error of DuckDB as it writes it with `errors_as_json`. */
interface DuckdbError {
  readonly exception_type: string;
  readonly exception_message: string;
  /** A byte offset in the statement. */
  readonly position?: string;
  readonly name?: string;
}

/**
 * What DuckDB says of a user's statement as an error of ours, in its own words, with the place in the statement. `prefix` is
 * the number of bytes before the statement in the text that was run, null where it is not in it.
 */
export function sqlError(thrown: unknown, tree: SqlTree, prefix: number | null): Error {
  if (thrown instanceof SheafError) return thrown;
  const parsed = duckdbError(thrown);
  if (parsed === null) return thrown instanceof Error ? thrown : new Error(String(thrown));
  const { exception_type: type, exception_message: message, position, name } = parsed;
  if (type === "INTERRUPT") return new SheafError("sql.cancelled", "the query was cancelled");
  return new SheafError(`sql.${codes[type] ?? "error"}`, shortened(message), {
    cure: cures[type] ?? "Correct the SQL.",
    ...(position === undefined || prefix === null
      ? {}
      : { position: tree.positionOf(Number(position) - prefix, name?.length ?? 1) }),
  });
}

/** DuckDB's error in anything it threw, or null. */
export function duckdbError(thrown: unknown): DuckdbError | null {
  const text = thrown instanceof Error ? thrown.message : "";
  const start = text.indexOf('{"exception_type"');
  if (start < 0) {
    const [, type, message] = /^([A-Z][A-Za-z ]+) Error: ([\s\S]+)$/.exec(text) ?? [];
    return type === undefined || message === undefined ? null : { exception_type: type, exception_message: message };
  }
  try {
    return JSON.parse(text.slice(start)) as DuckdbError;
  } catch {
    return null;
  }
}

const codes: { readonly [type: string]: string | undefined } = {
  Parser: "syntax",
  Binder: "name",
  Catalog: "name",
  Conversion: "value",
  "Out of Range": "value",
  "Out of Memory": "memory",
  Permission: "forbidden",
};

const cures: { readonly [type: string]: string | undefined } = {
  "Out of Memory": "Read fewer columns or rows, or aggregate in steps.",
  Conversion: "Correct the value, or use TRY_CAST, which gives null for what does not convert.",
};

/** Lists of candidate functions may be long, and what DuckDB proposes against a want of memory are statements that a cell may not have. */
function shortened(message: string): string {
  const lines = message.replace(/\s+Possible solutions:[\s\S]*$/, "").split("\n");
  return (lines.length <= 12 ? lines : [...lines.slice(0, 12), "…"]).join("\n");
}
