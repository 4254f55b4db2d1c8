import type { PGlite } from "@electric-sql/pglite";
import { PostgresDialect, type Dialect, type PostgresQueryResult } from "kysely";

/** Kysely's own Postgres dialect over a running PGlite, which has one connection: whoever has it keeps the others waiting. */
export function pgliteDialect(database: PGlite): Dialect {
  let free: Promise<void> = Promise.resolve();

  async function connect() {
    const { promise, resolve: release } = Promise.withResolvers<void>();
    const before = free;
    free = promise;
    await before;
    return { query: query as never, release: () => release() };
  }

  async function query<Row>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>> {
    const { rows, affectedRows } = await database.query<Row>(sql, [...parameters]);
    const command = sql.trimStart().split(" ", 1)[0]!.toUpperCase() as PostgresQueryResult<Row>["command"];
    return { command, rowCount: affectedRows ?? 0, rows };
  }

  return new PostgresDialect({ pool: { connect, end: async () => {}, options: {} } });
}
