import { wholeSheet, type SheetView } from "#server/notebook/sheet-view.ts";

/** How a person has arranged a sheet: remembered by this browser, for each notebook and sheet. */
export interface SheetSettings {
  /** Widths in pixels of columns that were made wider or narrower, by their ids. */
  readonly widths: { readonly [column: string]: number };
  readonly hidden: readonly string[];
  readonly pinned: readonly string[];
  /** Ids in the order they were put; columns it does not name follow in their own. */
  readonly order: readonly string[];
  /** Whether rows are high enough for several lines. */
  readonly wrap: boolean;
  /** Axes whose labels go down, a line each within a row; the others go across. */
  readonly down: readonly string[];
  /** Variants of cells with many that are shown, by the cell's name. */
  readonly open: { readonly [cell: string]: readonly string[] };
  /** Of which rows it was read how they differ from those before. */
  readonly changeRead: string;
  readonly filters: SheetView["filters"];
  readonly sort: SheetView["sort"];
  /** Filters, sorting and which axes go down, kept under names. */
  readonly views: { readonly [name: string]: KeptView };
}

/** What is kept of a view under a name. */
export interface KeptView extends Pick<SheetView, "filters" | "sort"> {
  /** Not known of a view that an earlier release kept. */
  readonly down?: readonly string[];
}

export const plainSettings: SheetSettings = {
  widths: {},
  hidden: [],
  pinned: [],
  order: [],
  wrap: false,
  down: [],
  open: {},
  changeRead: "",
  filters: wholeSheet.filters,
  sort: wholeSheet.sort,
  views: {},
};

/** The part of the browser's storage that is used. */
export type SettingsStorage = Pick<Storage, "getItem" | "setItem">;

/** What was remembered of a sheet; plain settings where nothing was, or nothing that can be read. */
export function readSettings(storage: SettingsStorage, notebook: string, sheet: string): SheetSettings {
  try {
    const kept: unknown = JSON.parse(storage.getItem(keyOf(notebook, sheet)) ?? "{}");
    return { ...plainSettings, ...(typeof kept === "object" ? kept : {}) };
  } catch {
    return plainSettings;
  }
}

/** Remembers it; a full storage forgets it, and the page goes on. */
export function writeSettings(
  storage: SettingsStorage,
  notebook: string,
  sheet: string,
  settings: SheetSettings,
): void {
  try {
    storage.setItem(keyOf(notebook, sheet), JSON.stringify(settings));
  } catch {
    // A browser may refuse to keep anything at all.
  }
}

/** Where it is kept. */
export function keyOf(notebook: string, sheet: string): string {
  return `sheet ${notebook} ${sheet}`;
}

/** Things with ids in the order they were put, pinned ones first, hidden ones left out. */
export function arranged<Thing extends { readonly id: string }>(
  things: readonly Thing[],
  { order, pinned, hidden }: Pick<SheetSettings, "order" | "pinned" | "hidden">,
): readonly Thing[] {
  const place = new Map(order.map((id, index) => [id, index]));
  const own = new Map(things.map(({ id }, index) => [id, index]));
  const placeOf = (id: string): number => place.get(id) ?? order.length + own.get(id)!;
  return things
    .filter(({ id }) => !hidden.includes(id))
    .sort(
      (left, right) =>
        Number(pinned.includes(right.id)) - Number(pinned.includes(left.id)) || placeOf(left.id) - placeOf(right.id),
    );
}

/** The ids of things in their order, also of those that are hidden. */
export function orderOf(
  things: readonly { readonly id: string }[],
  settings: Pick<SheetSettings, "order" | "pinned">,
): readonly string[] {
  return arranged(things, { ...settings, hidden: [] }).map(({ id }) => id);
}

/** The order after columns were put before another, or at the end. */
export function putBefore(ids: readonly string[], moved: readonly string[], before: string | null): readonly string[] {
  const others = ids.filter((id) => !moved.includes(id));
  const at = before === null ? others.length : others.indexOf(before);
  return at < 0 ? ids : [...others.slice(0, at), ...moved, ...others.slice(at)];
}
