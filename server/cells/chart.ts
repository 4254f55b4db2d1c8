import { z } from "zod";
import { defineCellKind } from "#server/notebook/cell-kind.ts";
import { nearestName } from "#server/notebook/nearest-name.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";

const kinds = ["bar", "line", "scatter", "histogram"] as const;
const columns = z.union([z.string(), z.array(z.string())]);

/** A picture of a table: which columns, and how. */
export const chart = defineCellKind({
  kind: "chart",
  version: 1,
  title: "Chart",
  description: "A picture of a table.",
  body: "none",
  starter: ({ tables }) =>
    [
      `data: ${tables[0]?.name ?? "TABLE"}`,
      "type: bar",
      `x: ${tables[0]?.columns[0] ?? "COLUMN"}`,
      `y: ${tables[0]?.columns[1] ?? "COLUMN"}`,
    ].join("\n"),
  configuration: z.strictObject({
    data: z.string(),
    type: z.enum(kinds).default("bar"),
    x: z.string(),
    y: columns.optional(),
    series: z.string().optional(),
  }),
  fields: [
    { key: "data", label: "Data", control: "cell" },
    { key: "type", label: "Type", control: "choice", options: kinds },
    { key: "x", label: "Across", control: "text" },
    { key: "y", label: "Up", control: "list" },
    { key: "series", label: "Series", control: "text" },
  ],
  effect: () => "pure",
  valueType: () => ({ type: "chart" }),
  *run({ items }) {
    for (const [index, { configuration, inputs }] of items.entries()) {
      const { data, type, x, y = [], series } = configuration;
      const table = inputs[data];
      if (table?.type !== "table")
        throw new SheafError("chart.no-table", `\`${data}\` is no table`, {
          cure: "Name a cell whose value is a table.",
          field: "data",
        });
      const up = typeof y === "string" ? [y] : y;
      const named = [["x", x], ...up.map((column, at) => [`y.${at}`, column] as const), ["series", series]] as const;
      const names = table.value.columns.map(({ name }) => name);
      for (const [field, column] of named) {
        if (column === undefined || names.includes(column)) continue;
        const near = nearestName(column, names);
        throw new SheafError("chart.no-column", `\`${data}\` has no column \`${column}\``, {
          cure: near === null ? `It has: ${names.join(", ")}.` : `Did you mean \`${near}\`?`,
          field,
        });
      }
      const value = { kind: type, table: table.value, x, y: up, ...(series === undefined ? {} : { series }) };
      yield { type: "value", item: index, value: { type: "chart", value } };
    }
  },
});
