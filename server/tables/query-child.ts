import { serveChild } from "#server/process/serve-child.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { admittedRows, type AdmittedRequest } from "./admitted-rows.ts";
import type { Session } from "./duckdb-session.ts";
import { openQueryDatabase } from "./query-database.ts";
import { runQuery, type QueryRequest } from "./run-query.ts";
import { analyseSql } from "./sql-analyse.ts";
import type { Exported } from "./table-export.ts";
import type { TableFolders } from "./tables.ts";

// The process `query`: people's SQL, in a DuckDB that can reach the immutable files and nothing else. Its one argument is
// the folders, as JSON. It may be killed at any moment: it holds nothing.
const folders = JSON.parse(process.argv[2]!) as TableFolders;
const database = await openQueryDatabase(folders);
const running = new Set<Promise<unknown>>();

/** Works in a session of its own until it is done or interrupted. */
async function inSession<Answer>(signal: AbortSignal, ask: (session: Session) => Promise<Answer>): Promise<Answer> {
  const work = database.use(async (session) => {
    const interrupt = (): void => session.connection.interrupt();
    signal.addEventListener("abort", interrupt);
    try {
      return await ask(session);
    } finally {
      signal.removeEventListener("abort", interrupt);
    }
  });
  const settled = work.catch(() => {});
  running.add(settled);
  try {
    return await work;
  } finally {
    running.delete(settled);
  }
}

interface Context {
  readonly signal: AbortSignal;
}

serveChild({
  query(request: QueryRequest, { signal }: Context): Promise<Exported> {
    return inSession(signal, (session) => runQuery(session, request, folders.files, signal));
  },

  admitted(request: AdmittedRequest, { signal }: Context): Promise<Uint32Array> {
    return inSession(signal, (session) => admittedRows(session, request, folders.files, signal));
  },

  /** Answers when no query runs any more: an interrupted one has really ended. */
  async idle(): Promise<void> {
    await Promise.all(running);
  },

  analyse({ sql, kind }: { readonly sql: string; readonly kind: "statement" | "expression" }) {
    if (sql.length > longestSql)
      throw new SheafError("sql.size", `the SQL has ${sql.length} characters; at most ${longestSql} are read`, {
        cure: "Put values into tables or parameters.",
      });
    return analyseSql(database.parser, sql, kind);
  },
});

const longestSql = 1_000_000;
