import type { Datum, Table, Value } from "#server/notebook/value.ts";

/** What a statement reads: tables by the names it uses, everything else as parameters. */
export function sqlInputs(inputs: { readonly [name: string]: Value }): {
  readonly tables: { readonly [name: string]: Table };
  readonly parameters: { readonly [name: string]: Datum };
} {
  const tables: { [name: string]: Table } = {};
  const parameters: { [name: string]: Datum } = {};
  for (const [name, value] of Object.entries(inputs)) {
    if (value.type === "table") tables[name] = value.value;
    else parameters[name] = toDatum(value);
  }
  return { tables, parameters };
}

/** A value as one field of a table: a score is its number, a table its rows, files and charts their JSON. */
export function toDatum(value: Value): Datum {
  switch (value.type) {
    case "null":
      return null;
    case "string":
    case "number":
    case "boolean":
    case "json":
      return value.value;
    case "score":
      return value.value.score;
    case "test":
      return value.value.verdict;
    case "table":
      return (value.value.rows ?? []).map((row) =>
        Object.fromEntries(value.value.columns.map((column, index) => [column.name, row[index] ?? null])),
      );
    case "messages":
    case "file":
    case "image":
    case "chart":
    case "error":
      return value.value as unknown as Datum;
  }
}
