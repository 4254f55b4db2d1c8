import { createChild, type Child } from "#server/process/child.ts";
import { compileCache } from "#server/process/compile-cache.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { SqlAnalysis } from "#server/notebook/sql-analysis.ts";
import type { AdmittedRequest } from "./admitted-rows.ts";
import type { QueryRequest } from "./run-query.ts";
import type { Exported } from "./table-export.ts";
import { draftPath, removeDraft } from "./table-draft.ts";
import type { TableFolders } from "./tables.ts";

/** The `query` processes: each runs one query at a time, so that the death of one is the affair of one cell. */
export interface QueryPool {
  /** Runs a query when its turn comes; from then on it has `deadline` milliseconds. Where it fails or is stopped, nothing of its file stays. */
  run(request: Omit<QueryRequest, "path">, limits: QueryLimits): Promise<Exported>;
  /** The numbers of the rows of a table for which a condition holds, likewise. */
  admitted(request: AdmittedRequest, limits: QueryLimits): Promise<Uint32Array>;
  analyse(sql: string, kind: "statement" | "expression"): Promise<SqlAnalysis>;
  close(): Promise<void>;
}

interface QueryLimits {
  readonly signal?: AbortSignal;
  readonly deadline: number;
}

/** Milliseconds a cancelled query has to stop before its process is killed: some functions of DuckDB hear no interrupt. */
const grace = 1000;

/** A pool of at most `size` processes, started when first needed. */
export function openQueryPool(folders: TableFolders, size: number): QueryPool {
  const children = Array.from({ length: size }, () =>
    createChild({
      name: "query",
      module: new URL("./query-child.ts", import.meta.url),
      arguments: [JSON.stringify(folders)],
      environment: compileCache(),
    }),
  );
  const free = [...children];
  const waiting: ((child: Child) => void)[] = [];

  function release(child: Child): void {
    const next = waiting.shift();
    if (next === undefined) free.unshift(child);
    else next(child);
  }

  async function acquire(signal: AbortSignal | undefined): Promise<Child> {
    signal?.throwIfAborted();
    const child = free.shift();
    if (child !== undefined) return child;
    return await new Promise((resolve, reject) => {
      const take = (child: Child): void => {
        signal?.removeEventListener("abort", leave);
        resolve(child);
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(take), 1);
        reject(signal!.reason);
      };
      signal?.addEventListener("abort", leave, { once: true });
      waiting.push(take);
    });
  }

  /** Has a process do something when its turn comes, which writes to `path` where it writes. */
  async function take<Answer>(
    method: "query" | "admitted",
    request: unknown,
    path: string | null,
    { signal, deadline }: QueryLimits,
  ): Promise<Answer> {
    const child = await acquire(signal);
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(deadlineError(deadline)), deadline);
    const limit = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
    try {
      const answer = await child.call<Answer>(method, request, { signal: limit });
      release(child);
      return answer;
    } catch (error) {
      if (limit.aborted) void stopped(child, path).then(() => release(child));
      else {
        release(child);
        if (path !== null) await removeDraft(path);
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    run(request, limits) {
      const path = draftPath(folders.files);
      return take<Exported>("query", { ...request, path }, path, limits);
    },

    admitted: (request, limits) => take<Uint32Array>("admitted", request, null, limits),

    async analyse(sql, kind) {
      const [child] = children;
      try {
        return await child!.call<SqlAnalysis>("analyse", { sql, kind });
      } catch (error) {
        // A query of somebody else may have taken the process with it.
        if (!(error instanceof SheafError) || error.code !== "child.died") throw error;
        return await child!.call<SqlAnalysis>("analyse", { sql, kind });
      }
    },

    async close() {
      await Promise.all(children.map((child) => child.close()));
    },
  };
}

/** Waits until a cancelled query has ended, or its process has been killed, and removes what it wrote to `path`. */
async function stopped(child: Child, path: string | null): Promise<void> {
  try {
    await child.call("idle", null, { deadline: grace });
  } catch (error) {
    if (!(error instanceof SheafError) || !error.code.startsWith("child.")) throw error;
  }
  if (path !== null) await removeDraft(path);
}

function deadlineError(milliseconds: number): SheafError {
  return new SheafError(
    "sql.deadline",
    `the query ran for ${milliseconds / 1000} s, as long as it may, and was stopped`,
    {
      cure: "Read fewer rows, or make them fewer before they are joined. `SHEAF_SQL_SECONDS=3600` in the environment gives queries an hour.",
    },
  );
}
