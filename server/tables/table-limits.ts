import type { SourceText } from "./source-file.ts";
import { duckdbError } from "./sql-error.ts";

/** A table that is imported may have this many columns: with 16,000 rows of them it still fits into the memory there is. */
export const mostColumns = 2000;

const cure = "Split it into files of fewer columns, or make a record of each value: `id,name,value`.";

/** Throws `data.columns` where there are more columns than a table may have. */
export function checkWidth(source: SourceText, columns: number, line: number | null = null): void {
  if (columns > mostColumns)
    throw source.error(
      "data.columns",
      line,
      `it has ${columns.toLocaleString("en")} columns; at most ${mostColumns.toLocaleString("en")} are read`,
      cure,
    );
}

/** Does some of an import's work; where DuckDB has not the memory for it, throws `data.memory`. */
export async function withinMemory<Answer>(source: SourceText, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    throw source.error("data.memory", null, "its columns and rows together need more than 1 GB of memory", cure);
  }
}

/** Whether something failed because DuckDB has no more memory. */
export function isOutOfMemory(error: unknown): boolean {
  return duckdbError(error)?.exception_type === "Out of Memory";
}
