import type { ColumnRef, ViewFilter } from "#server/notebook/sheet-view.ts";
import { keyOf, readSettings, writeSettings, type SettingsStorage, type SheetSettings } from "./settings.ts";

/** The part of the browser's storage that is used to give what it keeps another name. */
export type NamedStorage = SettingsStorage & Pick<Storage, "key" | "length" | "removeItem">;

/** Carries what is remembered of a notebook's sheets along with a cell or a sheet that has another path. */
export function renameSettings(storage: NamedStorage, notebook: string, from: string, to: string): void {
  const container = from.includes(".") ? from.slice(0, from.lastIndexOf(".")) : null;
  for (const sheet of sheetsOf(storage, notebook)) {
    const isIt = sheet === from || sheet.startsWith(`${from}.`);
    const named = isIt ? to + sheet.slice(from.length) : sheet;
    const settings = readSettings(storage, notebook, sheet);
    const isWithin = container === null || container === sheet;
    if (isIt) storage.removeItem(keyOf(notebook, sheet));
    if (isIt || isWithin)
      writeSettings(
        storage,
        notebook,
        named,
        isWithin ? renamedSettings(settings, nameOf(from), nameOf(to)) : settings,
      );
  }
}

/** Carries what is remembered of a notebook's sheets along with its file. */
export function moveSettings(storage: NamedStorage, notebook: string, to: string): void {
  for (const sheet of sheetsOf(storage, notebook)) {
    writeSettings(storage, to, sheet, readSettings(storage, notebook, sheet));
    storage.removeItem(keyOf(notebook, sheet));
  }
}

function sheetsOf(storage: NamedStorage, notebook: string): readonly string[] {
  const start = keyOf(notebook, "");
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
  // A path may have spaces, a sheet's has none.
  return keys
    .filter((key) => key.startsWith(start))
    .map((key) => key.slice(start.length))
    .filter((sheet) => !sheet.includes(" "));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** What is arranged of a sheet where one of its cells has another name. */
function renamedSettings(settings: SheetSettings, from: string, to: string): SheetSettings {
  const start = `cell ${from}[`;
  const id = (column: string): string =>
    column.startsWith(start) ? `cell ${to}[${column.slice(start.length)}` : column;
  const named = (name: string): string => (name === from ? to : name);
  const members = <Of>(record: { readonly [name: string]: Of }, other: (name: string) => string) =>
    Object.fromEntries(Object.entries(record).map(([name, of]) => [other(name), of]));
  const looked = <Of extends Pick<SheetSettings, "filters" | "sort">>(view: Of): Of => ({
    ...view,
    filters: view.filters.map((filter) => ({ ...filter, column: ref(filter.column) }) as ViewFilter),
    sort: view.sort.map((sort) => ({ ...sort, column: ref(sort.column) })),
  });
  const ref = (column: ColumnRef): ColumnRef =>
    column.type === "cell" ? { ...column, cell: named(column.cell) } : column;
  return {
    ...looked(settings),
    widths: members(settings.widths, id),
    hidden: settings.hidden.map(id),
    pinned: settings.pinned.map(id),
    order: settings.order.map(id),
    open: members(settings.open, named),
    views: Object.fromEntries(Object.entries(settings.views).map(([name, view]) => [name, looked(view)])),
  };
}
