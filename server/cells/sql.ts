import { z } from "zod";
import { defineCellKind } from "#server/notebook/cell-kind.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import { sqlInputs } from "./sql-inputs.ts";

/** A statement of DuckDB's SQL: cells are tables, inputs are `$name`. */
export const sql = defineCellKind({
  kind: "sql",
  version: 1,
  title: "SQL",
  description: "A table from other tables, by DuckDB's SQL.",
  body: "sql",
  starter: ({ tables }) => (tables.length === 0 ? "select 1 as one" : `from ${tables[0]!.name}`),
  configuration: z.strictObject({}),
  fields: [],
  warmsUp: true,
  effect: () => "pure",
  valueType: () => ({ type: "table" }),
  async *run({ source, items, signal }, services) {
    for (const [index, item] of items.entries()) {
      try {
        const { address } = item;
        const value = await services.query({ sql: source, ...sqlInputs(item.inputs), address, signal });
        yield { type: "value", item: index, value: { type: "table", value } };
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        yield { type: "error", item: index, error: toCellError(thrown) };
      }
    }
  },
});
