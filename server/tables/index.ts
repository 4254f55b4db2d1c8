import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createChild, type CallOptions } from "#server/process/child.ts";
import { compileCache } from "#server/process/compile-cache.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { SqlAnalysis } from "#server/notebook/sql-analysis.ts";
import type { Table } from "#server/notebook/value.ts";
import { queryDeadline } from "./query-deadline.ts";
import { openQueryPool } from "./query-pool.ts";
import { removeLeftFiles } from "./remove-left-files.ts";
import { sheetClient } from "./sheet-client.ts";
import { removeDraft } from "./table-draft.ts";
import type { TableFolders, Tables } from "./tables.ts";

/**
 * Opens the tables of a workspace. The processes start when first needed; folders are made where they are missing. A query without a
 * deadline of its own has that of `settings`, in milliseconds.
 */
export function openTables(folders: TableFolders, settings: { readonly deadline?: number } = {}): Tables {
  const child = createChild({
    name: "tables",
    module: new URL("./tables-child.ts", import.meta.url),
    arguments: [JSON.stringify(folders)],
    environment: compileCache(),
  });
  const queries = openQueryPool(folders, 2);
  const analyses = new Map<string, Promise<SqlAnalysis>>();
  let prepared: Promise<void> | undefined;

  function ready(): Promise<void> {
    prepared ??= prepare(folders).catch((error: unknown) => {
      // The cause may be gone at the next call.
      prepared = undefined;
      throw error;
    });
    return prepared;
  }

  async function call<Answer>(method: string, argument: unknown, options?: CallOptions): Promise<Answer> {
    await ready();
    return await child.call<Answer>(method, argument, options);
  }

  return {
    importFile: (path, options = {}) => call<Table>("importFile", { ...options, path }),
    importAnyFile: (file, name) => call<Table>("importAnyFile", { file, name }),
    importText: (text, format, options = {}) => call<Table>("importText", { ...options, text, format }),
    fileVersion: (path) => call<string>("fileVersion", { path }),
    fromRows: (rows, columns) => call<Table>("fromRows", { rows, ...(columns === undefined ? {} : { columns }) }),

    async rows(table, offset, limit) {
      if (table.rows !== undefined) return table.rows.slice(offset, offset + limit);
      const { columns, rowCount, hash } = table;
      if (limit <= 0 || offset >= rowCount) return [];
      return await call("rows", { table: { columns, rowCount, hash }, offset, limit });
    },

    async query({ sql, tables, parameters, moment, signal, deadline = settings.deadline ?? queryDeadline(undefined) }) {
      await ready();
      const exported = await queries.run(
        { sql, tables, parameters, ...(moment === undefined ? {} : { moment }) },
        { deadline, ...(signal === undefined ? {} : { signal }) },
      );
      if (exported.type === "inline") return exported.table;
      try {
        return await call<Table>("adopt", exported);
      } finally {
        await removeDraft(exported.path);
      }
    },

    async admitted(table, where, parameters, signal) {
      await ready();
      const deadline = settings.deadline ?? queryDeadline(undefined);
      return await queries.admitted(
        { table, where, parameters },
        { deadline, ...(signal === undefined ? {} : { signal }) },
      );
    },

    async analyse(sql, kind) {
      await ready();
      const key = `${kind} ${sql}`;
      let analysis = analyses.get(key);
      if (analysis === undefined) {
        analysis = queries.analyse(sql, kind);
        analyses.set(key, analysis);
        // An answer is kept, a failure is not; the oldest answer makes room.
        analysis.catch(() => analyses.delete(key));
        if (analyses.size > keptAnalyses) analyses.delete(analyses.keys().next().value!);
      }
      return await analysis;
    },

    sheets: sheetClient(call),
    calls: {
      through: () => call("calls.through", {}),
      put: (argument) => call("calls.put", argument),
      clear: () => call("calls.clear", {}),
      addFree: (argument) => call("calls.addFree", argument),
      report: (argument) => call("calls.report", argument),
      list: (argument) => call("calls.list", argument),
      free: (argument) => call("calls.free", argument),
      table: () => call("calls.table", {}),
    },

    async close() {
      await Promise.all([child.close(), queries.close()]);
    },
  };
}

const keptAnalyses = 2000;

/** Makes the folders, and clears away what processes that have ended left half written. */
async function prepare({ files, cache }: TableFolders): Promise<void> {
  try {
    await mkdir(files, { recursive: true });
    await mkdir(cache, { recursive: true });
    await removeLeftFiles(files, ".tmp");
    for (const folder of ["scratch", "query", "exports"]) await removeLeftFiles(join(cache, folder));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new SheafError("workspace.folder", `the workspace cannot be written: ${said}`, {
      cure: "Give a workspace folder that this user may write.",
      cause: error,
    });
  }
}
