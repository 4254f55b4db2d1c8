import type { CallOptions } from "#server/process/child.ts";
import type { SheetStore } from "./sheet-store.ts";

/** The sheet store as other processes have it: every call goes to the process `tables` by `call`. */
export function sheetClient(
  call: <Answer>(method: string, argument: unknown, options?: CallOptions) => Promise<Answer>,
): SheetStore {
  return {
    openFrame: (argument) => call("sheet.openFrame", argument),
    frameChanges: (argument) => call("sheet.frameChanges", argument),
    putBinding: (argument) => call("sheet.putBinding", argument),
    hasBinding: (argument) => call("sheet.hasBinding", argument),
    page: (argument) => call("sheet.page", argument),
    pageOf: (argument) => call("sheet.pageOf", argument),
    work: (argument) => call("sheet.work", argument),
    put: (argument) => call("sheet.put", argument),
    setOverrides: (argument) => call("sheet.setOverrides", argument),
    freshness: (argument) => call("sheet.freshness", argument),
    states: (argument) => call("sheet.states", argument),
    results: (argument) => call("sheet.results", argument),
    wideTable: (argument) => call("sheet.wideTable", argument),
    longTable: (argument) => call("sheet.longTable", argument),
    aggregate: (argument) => call("sheet.aggregate", argument),
    keys: (argument) => call("sheet.keys", argument),
    viewPage: (argument, options) => call("sheet.viewPage", argument, options),
    viewRows: (argument) => call("sheet.viewRows", argument),
    columnFigures: (argument) => call("sheet.columnFigures", argument),
    pairFigures: (argument) => call("sheet.pairFigures", argument),
    exportView: (argument) => call("sheet.exportView", argument),
    forget: (argument) => call("sheet.forget", argument),
    move: (argument) => call("sheet.move", argument),
  };
}
