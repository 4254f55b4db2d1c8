import { z } from "zod";
import { defineCellKind, type CellKind } from "#server/notebook/cell-kind.ts";
import { toValue, type Datum } from "#server/notebook/value.ts";

/** What a sheet's `rows` comes to where it names nothing: a list that stands there, or an expression. No one writes it as a cell. */
export const rows = defineCellKind({
  kind: "rows",
  version: 1,
  title: "Rows",
  description: "The list a sheet goes over.",
  body: "none",
  configuration: z.strictObject({ rows: z.unknown() }),
  fields: [],
  effect: () => "pure",
  *run({ items }) {
    for (const [item, { configuration }] of items.entries())
      yield { type: "value", item, value: toValue(configuration.rows as Datum) };
  },
}) as unknown as CellKind;
