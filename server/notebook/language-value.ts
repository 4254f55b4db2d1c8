import { Fault, hostValue, type HostValue, type LanguageRecord, type LanguageValue } from "#server/language/index.ts";
import type { ResultElements } from "./cell-kind.ts";
import type { Datum, StoredFile, Table, Value } from "./value.ts";

/** A value as the expression language sees it: scores by their fields, tables as lists of rows that are made when read. */
export function toLanguageValue(value: Value): LanguageValue {
  switch (value.type) {
    case "null":
      return null;
    case "string":
    case "number":
    case "boolean":
      return value.value;
    case "json":
      return value.value as LanguageValue;
    case "table":
      return tableValue(value.value);
    case "messages":
    case "score":
    case "test":
    case "error":
      return value.value as unknown as LanguageValue;
    case "file":
    case "image":
      return fileValue(value.value);
    case "chart":
      return { kind: value.value.kind, x: value.value.x, y: value.value.y };
  }
}

/** Files by what expressions see of them, so that one that is only passed on stays the file. */
const files = new WeakMap<object, StoredFile>();

/** A kept file as expressions see it: what it is, and not where. */
function fileValue(file: StoredFile): LanguageValue {
  const seen = { name: file.name, mediaType: file.mediaType, bytes: file.bytes };
  files.set(seen, file);
  return seen;
}

/** Rows as objects by column name, in order; the table must have come with its rows. */
export function rowObjects(table: Table): { readonly [column: string]: Datum }[] {
  const names = table.columns.map((column) => column.name);
  return (table.rows ?? []).map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])));
}

/** A table as the expression language sees it. */
export function tableValue(table: Table): HostValue {
  let rows: readonly LanguageValue[] | undefined;
  const all = (): readonly LanguageValue[] => {
    if (table.rows === undefined && table.rowCount > 0) throw rowsMissing(table);
    return (rows ??= rowObjects(table) as readonly LanguageValue[]);
  };
  return {
    [hostValue]: true,
    kind: "table",
    iterate: () => all(),
    length: () => table.rowCount,
    index: (position) => all().at(position),
    slice: (from, to) => all().slice(from, to),
    truth: () => table.rowCount > 0,
    attribute: (name) => (name === "columns" ? table.columns.map((column) => column.name) : undefined),
  };
}

/** What an aggregate of one result goes over, as the expression language sees it. */
export function elementsValue(elements: ResultElements): HostValue {
  if (elements.type === "list") {
    const items = elements.items as readonly LanguageValue[];
    return { [hostValue]: true, kind: "list", iterate: () => items, length: () => items.length };
  }
  const { table, column } = elements;
  const rows = tableValue(table);
  // How many rows there are is known without them.
  if (column === null) return { ...rows, aggregate: (name) => (name === "count" ? table.rowCount : undefined) };
  return { ...rows, iterate: () => [...rows.iterate!()].map((row) => (row as LanguageRecord)[column]!) };
}

/** A table that has not come with its rows must not seem to be empty. */
function rowsMissing({ rowCount }: Table): Fault {
  return new Fault(
    "cell.too-many-rows",
    `a table of ${rowCount.toLocaleString("en")} rows is too long to be read row by row here`,
    "Take what is needed in SQL first.",
  );
}

/** A computed value as plain data, for a field of a configuration: a table is the list of its rows, a file the kept file. Throws a `TypeError` for what is no data. */
export function toDatum(value: LanguageValue): Datum {
  if (
    value === null ||
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean" ||
    typeof value === "bigint"
  )
    return value;
  if (Array.isArray(value)) return value.map((item: LanguageValue) => toDatum(item));
  if (typeof value === "object" && hostValue in value) {
    const { iterate, kind } = value as HostValue;
    if (iterate === undefined) throw new TypeError(`${kind} is no value of a field`);
    return [...iterate.call(value)].map((item) => toDatum(item));
  }
  // A mapping that is written out has no prototype.
  if (typeof value === "object" && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)) {
    const file = files.get(value);
    if (file !== undefined) return { ...file };
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toDatum(item as LanguageValue)]));
  }
  throw new TypeError(`${typeof value} is no value of a field`);
}
