import type { Compilable, CompiledQuery } from "kysely";

/** Rows of one statement: enough to make compiling it cheap, and within the 999 parameters of the oldest SQLite for nine columns. */
const rowsAtOnce = 100;

/**
 * Inserts many rows, 100 a statement, in their order; in a transaction of the caller's. `build` makes the insert from rows. All rows have the
 * same members in the same order, none `undefined`, and `build` has no parameters but theirs.
 */
export async function insertRows<Row extends object>(
  db: { executeQuery(query: CompiledQuery): Promise<unknown> },
  rows: readonly Row[],
  build: (rows: readonly Row[]) => Compilable,
): Promise<void> {
  // Kysely takes longer to compile a statement than the database to run it, and full ones differ in their parameters alone.
  let full: CompiledQuery | undefined;
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const some = rows.slice(from, from + rowsAtOnce);
    if (some.length < rowsAtOnce) {
      await db.executeQuery(build(some).compile());
      continue;
    }
    full ??= build(some).compile();
    await db.executeQuery({ ...full, parameters: some.flatMap((row) => Object.values(row) as unknown[]) });
  }
}
