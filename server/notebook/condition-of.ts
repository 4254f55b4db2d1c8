import type { Cell } from "./notebook.ts";

/** Settings of a sheet that say whether, and after what, it is computed at all. */
const settings = ["when", "after", "optional"] as const;

/** The part of a sheet that decides whether it is computed, as a cell of its own; null where nothing decides it. */
export function conditionOf(sheet: Cell): Cell | null {
  const { values, positions } = sheet.configuration;
  if (values["when"] === undefined && values["after"] === undefined) return null;
  const own = Object.fromEntries(settings.flatMap((key) => (key in values ? [[key, values[key]!]] : [])));
  return { ...sheet, source: "", cells: [], configuration: { values: own, positions } };
}
