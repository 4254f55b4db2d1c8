import { z } from "zod";
import { defineCellKind } from "#server/notebook/cell-kind.ts";
import { toValue, type Datum } from "#server/notebook/value.ts";
import { toDatum } from "./sql-inputs.ts";

/** One SQL expression over the row, computed for the whole column in one statement. */
export const formula = defineCellKind({
  kind: "formula",
  version: 1,
  title: "Formula",
  description: "A column computed from the row by an SQL expression.",
  body: "expression-sql",
  configuration: z.strictObject({}),
  fields: [],
  effect: () => "pure",
  wholeColumn: true,
  async *run({ source, items, signal }, services) {
    const rows = items.map((item, ordinal) => {
      const row: { [column: string]: Datum } = { ...item.row };
      for (const [name, value] of Object.entries(item.inputs)) row[name] = toDatum(value);
      return { ...row, [ordinalColumn]: ordinal };
    });
    const table = await services.table(rows);
    // The line breaks keep comments of the expression to themselves.
    const statement = `select (\n${source}\n) as "value" from "row" order by "${ordinalColumn}"`;
    const result = await services.query({ sql: statement, tables: { row: table }, parameters: {}, signal });
    for (let from = 0; from < items.length; from += page) {
      const values = await services.rows(result, from, page);
      for (const [index, [value]] of values.entries())
        yield { type: "value", item: from + index, value: toValue(value) };
    }
  },
});

const ordinalColumn = "__ordinal";
const page = 10_000;
