import { isMapping } from "./is-mapping.ts";
import { wholeReference } from "#server/language/index.ts";
import type { Binding, Read } from "./graph-node.ts";
import { byName, type Names } from "./graph-names.ts";
import { isListName } from "./list-names.ts";
import type { Cell } from "./notebook.ts";
import { parsedExpression } from "./parsed.ts";
import type { Reference } from "./reference.ts";
import { plainReference } from "./references/found.ts";
import type { Datum, Position } from "./value.ts";

/** A sheet with its own cells and the inputs its rows give. */
export interface SheetScope {
  readonly cell: Cell;
  readonly nested: ReadonlyMap<string, readonly Cell[]>;
  readonly bound: ReadonlyMap<string, Binding>;
  /** Cells at the top that come out differently for each row, because they read what rows give, directly or not. */
  readonly depends: ReadonlySet<string>;
}

/** Opens a sheet's scope. `readsOf` says what the expression of a `with` field reads. */
export function sheetScope(
  cell: Cell,
  references: readonly Reference[],
  names: Names,
  readsOf: (references: readonly Reference[]) => readonly Read[],
): SheetScope {
  const bound = new Map<string, Binding>();
  for (const [input, value] of Object.entries(mapping(cell.configuration.values["with"]))) {
    const own = references.filter((reference) => reference.field === `with.${input}`);
    bound.set(input, bindingOf(input, value, own, readsOf));
  }
  return { cell, nested: byName(cell.cells), bound, depends: readersOf([...bound.keys()], names, cell.name) };
}

/** The cells at the top that a sheet shows as columns: those it lists, or the outputs that depend on its rows. */
export function shownIn({ cell, depends }: SheetScope, outputs: readonly string[]): readonly string[] {
  const { columns } = cell.configuration.values;
  return Array.isArray(columns)
    ? columns.filter((column): column is string => typeof column === "string")
    : outputs.filter((name) => depends.has(name));
}

/** What the field `rows` names: `tickets`, `triage.topic`, `=triage.topic.at(model="small")`. Null where it computes a list. */
export function rowsReference(text: string, position: Position): Reference | null {
  if (!text.startsWith("=")) {
    const [name = "", ...path] = text.trim().split(".");
    return plainReference(name, path, position, "rows");
  }
  try {
    const found = wholeReference(parsedExpression(text.slice(1)));
    return found === null ? null : { ...found, field: "rows", position };
  } catch {
    // What does not parse is told at its place besides.
    return null;
  }
}

function bindingOf(
  input: string,
  value: Datum,
  references: readonly Reference[],
  readsOf: (references: readonly Reference[]) => readonly Read[],
): Binding {
  if (typeof value !== "string" || !value.startsWith("=")) return { input, type: "constant", value };
  const source = value.slice(1).trim();
  const column = plainColumn(source, references);
  return column === null
    ? { input, type: "expression", source, reads: readsOf(references) }
    : { input, type: "column", column };
}

function plainColumn(source: string, references: readonly Reference[]): string | null {
  const only = references[0];
  if (references.length !== 1 || only === undefined) return null;
  // Of a list the element is a column, and where there is none the name is told as an error.
  if (isListName(source)) return source;
  if (only.name !== "row" || only.path.length !== 1) return null;
  return source === `row.${only.path[0]}` ? only.path[0]! : null;
}

/** All cells at the top that read one of these names, directly or through others; not the sheet itself. */
function readersOf(open: string[], { readers }: Names, sheet: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const reader of readers.get(next) ?? []) {
      if (reader === sheet || found.has(reader)) continue;
      found.add(reader);
      open.push(reader);
    }
  }
  return found;
}

function mapping(value: Datum | undefined): { readonly [key: string]: Datum } {
  return isMapping(value) ? value : {};
}
