import type { CellError } from "#server/notebook/value.ts";

/** The error of a row's result as the store has it; null where there is none. */
export function storedError({ error }: { readonly error: string | null }): CellError | null {
  return error === null ? null : (JSON.parse(error) as CellError);
}
