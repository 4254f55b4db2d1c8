import { z } from "zod";
import { canonicalJson, type CanonicalInput } from "#server/notebook/canonical-json.ts";
import { defineCellKind, type Item } from "#server/notebook/cell-kind.ts";
import { toValue, type Datum } from "#server/notebook/value.ts";
import { toDatum } from "./sql-inputs.ts";

/** One SQL expression over the row, computed for the whole column in one statement. */
export const formula = defineCellKind({
  kind: "formula",
  version: 2,
  title: "Formula",
  description: "A column computed from the row by an SQL expression.",
  body: "expression-sql",
  starter: () => "1",
  configuration: z.strictObject({}),
  fields: [],
  effect: () => "pure",
  wholeColumn: true,
  async *run({ source, items, types = {}, signal }, services) {
    // What stands outside is nearly always the same in all rows: then there is one statement.
    const groups = Map.groupBy(items.keys(), (index) => canonicalJson(parametersOf(items[index]!) as CanonicalInput));
    for (const group of groups.values()) {
      const rows = group.map((index, ordinal) => ({ ...rowOf(items[index]!), [ordinalColumn]: ordinal }));
      const table = await services.table(rows);
      // The line breaks keep comments of the expression to themselves.
      const statement = `select (\n${source}\n) as "value" from ${typed(rows, types)} order by "${ordinalColumn}"`;
      const first = items[group[0]!]!;
      const parameters = parametersOf(first);
      const { address } = first;
      const result = await services.query({ sql: statement, tables: { row: table }, parameters, address, signal });
      for (let from = 0; from < group.length; from += page) {
        const values = await services.rows(result, from, page);
        for (const [index, [value]] of values.entries())
          yield { type: "value", item: group[from + index]!, value: toValue(value) };
      }
    }
  },
});

type Row = { readonly [column: string]: Datum };

/** The row's columns and the sheet's cells, by the bare names of the expression. */
function rowOf({ row, inputs }: Item<unknown>): Row {
  const values = Object.entries(inputs).filter(([name]) => !name.startsWith("$"));
  return { ...row, ...Object.fromEntries(values.map(([name, value]) => [name, toDatum(value)])) };
}

/** What stands outside the sheet, by its name behind the `$`. */
function parametersOf({ inputs }: Item<unknown>): Row {
  const values = Object.entries(inputs).filter(([name]) => name.startsWith("$"));
  return Object.fromEntries(values.map(([name, value]) => [name.slice(1), toDatum(value)]));
}

/**
 * The table of the rows, with the types they cannot tell: a column without a value is given the one it will have, and an object or
 * a list, which is JSON so far, its own.
 */
function typed(rows: readonly Row[], types: { readonly [name: string]: string }): string {
  const casts = Object.entries(types)
    .filter(
      ([name, type]) => Object.hasOwn(rows[0]!, name) && (isNested(type) || rows.every((row) => row[name] === null)),
    )
    .map(([name, type]) => `cast(${quoted(name)} as ${type}) as ${quoted(name)}`);
  return casts.length === 0 ? '"row"' : `(select * replace (${casts.join(", ")}) from "row") as "row"`;
}

function isNested(type: string): boolean {
  return type.startsWith("STRUCT(") || type.startsWith("MAP(") || type.endsWith("[]");
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const ordinalColumn = "__ordinal";
const page = 10_000;
