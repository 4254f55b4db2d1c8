import { inferColumns } from "#server/tables/infer-columns.ts";
import type { Tables } from "#server/tables/tables.ts";
import type { Datum, Table, Value } from "#server/notebook/value.ts";

type FromRows = Pick<Tables, "fromRows">;

/** The tables of lists, by who made them: a sheet is looked at often, and its list stays the same. */
const made = new WeakMap<FromRows, WeakMap<readonly Datum[], Promise<Table>>>();

/**
 * The table whose rows a sheet goes over: the value itself, or of a plain list its elements as the column `item`, with their
 * numbers from 0 as `index`. Null for a value that is neither.
 */
export function rowsTable(value: Value, tables: FromRows): Table | Promise<Table> | null {
  switch (value.type) {
    case "table":
      return value.value;
    case "json":
      return Array.isArray(value.value) ? listTable(value.value, tables) : null;
    case "messages":
      return listTable(value.value as unknown as readonly Datum[], tables);
    case "null":
    case "string":
    case "number":
    case "boolean":
    case "file":
    case "image":
    case "chart":
    case "score":
    case "test":
    case "error":
      return null;
  }
}

function listTable(list: readonly Datum[], tables: FromRows): Promise<Table> {
  let known = made.get(tables);
  if (known === undefined) made.set(tables, (known = new WeakMap()));
  let table = known.get(list);
  if (table === undefined) {
    known.set(list, (table = makeTable(list, tables)));
    table.catch(() => known.delete(list));
  }
  return table;
}

function makeTable(list: readonly Datum[], tables: FromRows): Promise<Table> {
  // No elements tell no types, and the columns are there all the same: of JSON is what SQL may take apart.
  if (list.length === 0) return tables.fromRows([], inferColumns([{ item: {}, index: 0 }]));
  return tables.fromRows(list.map((item, index) => ({ item, index })));
}
