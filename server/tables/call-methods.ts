import { createCallCopy, useCopy } from "./call-copy.ts";
import { callList, freeList } from "./call-list.ts";
import { callReport } from "./call-report.ts";
import type { CallStore } from "./call-store.ts";
import { callTable } from "./call-table.ts";
import type { TableFiles } from "./table-files.ts";
import type { TablesDatabase } from "./tables-database.ts";

/** The copy of the ledger as it works in the process `tables`. */
function createCallStore(database: TablesDatabase, files: TableFiles): CallStore {
  return {
    ...createCallCopy(database),
    report: (question) => useCopy(database, (session) => callReport(session, question)),
    list: (question) => useCopy(database, (session) => callList(session, question)),
    free: (question) => useCopy(database, (session) => freeList(session, question)),
    table: () => useCopy(database, (session) => callTable(session, files)),
  };
}

/** Its methods as the process answers them: `calls.report` and so on. */
export function callMethods(database: TablesDatabase, files: TableFiles) {
  return Object.fromEntries(
    Object.entries(createCallStore(database, files)).map(([name, method]) => [`calls.${name}`, method as never]),
  );
}
