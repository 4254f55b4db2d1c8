import { aggregate } from "./sheet-aggregate.ts";
import { hasBinding, putBinding } from "./sheet-bindings.ts";
import { openSheetCatalog, type SheetCatalog } from "./sheet-catalog.ts";
import { createFreshness } from "./sheet-freshness.ts";
import { forgetSheet } from "./sheet-forget.ts";
import { frameChanges } from "./frame-changes.ts";
import { openFrame } from "./sheet-frames.ts";
import { moveSheets } from "./sheet-move.ts";
import { readPage, readPageOf } from "./sheet-pages.ts";
import { putOverrides, putResults, readKeys, readResults } from "./sheet-results.ts";
import type { SheetStore } from "./sheet-store.ts";
import { longTable, wideTable } from "./sheet-tables.ts";
import { readStates, readWork } from "./sheet-work.ts";
import type { TableFiles } from "./table-files.ts";
import type { TablesDatabase } from "./tables-database.ts";
import { viewMethods } from "./view-methods.ts";

/** The sheet store as it works in the process `tables`, over the catalog of its database. */
export function createSheetStore(catalog: SheetCatalog, files: TableFiles): SheetStore {
  return {
    openFrame: (call) => openFrame(catalog, files, call),
    frameChanges: (call) => frameChanges(catalog, call),
    putBinding: (call) => putBinding(catalog, call),
    hasBinding: (call) => hasBinding(catalog, call),
    async page(call) {
      const frame = await catalog.frame(call.frame);
      return await catalog.read((session) => readPage(session, frame, call));
    },
    async pageOf(call) {
      const frame = await catalog.frame(call.frame);
      return await catalog.read((session) => readPageOf(session, frame, call));
    },
    async work(call) {
      const frame = await catalog.frame(call.frame);
      return await catalog.read((session) => readWork(catalog, session, frame, call));
    },
    put: (call) => putResults(catalog, call),
    setOverrides: (call) => putOverrides(catalog, call),
    freshness: createFreshness(catalog),
    async states(call) {
      const frame = await catalog.frame(call.frame);
      return await catalog.read((session) => readStates(catalog, session, frame, call));
    },
    results: (call) => catalog.read((session) => readResults(catalog, session, call)),
    async wideTable(call) {
      const frame = await catalog.frame(call.frame);
      return await catalog.read((session) => wideTable(catalog, files, session, frame, call));
    },
    async longTable(call) {
      const frame = await catalog.frame(call.frame);
      return await catalog.read((session) => longTable(catalog, files, session, frame, call));
    },
    async aggregate(call) {
      const frame = await catalog.frame(call.frame);
      return await catalog.read((session) => aggregate(catalog, session, frame, call));
    },
    keys: (call) => readKeys(catalog, call),
    ...viewMethods(catalog),
    forget: ({ sheet }) => forgetSheet(catalog, sheet),
    move: ({ from, to }) => moveSheets(catalog, from, to),
  };
}

/** Its methods as the process answers them: `sheet.openFrame` and so on. What fails because its rows were dropped meanwhile throws `sheet.frame`. */
export function sheetMethods(database: TablesDatabase, files: TableFiles) {
  const catalog = openSheetCatalog(database);
  const methods = Object.entries(createSheetStore(catalog, files)).map(([name, method]) => [
    `sheet.${name}`,
    async (call: never, options: never) => {
      try {
        return await method(call, options);
      } catch (error) {
        const { frame } = call as { readonly frame?: string };
        if (frame !== undefined) await catalog.frame(frame);
        throw error;
      }
    },
  ]);
  return Object.fromEntries(methods);
}
