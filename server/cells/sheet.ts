import { z } from "zod";
import { defineCellKind } from "#server/notebook/cell-kind.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";

/** The same cells once for each row of a table, or element of a list. The runner computes its columns; its own value is the table of them. */
export const sheet = defineCellKind({
  kind: "sheet",
  version: 1,
  title: "Sheet",
  description: "The same cells for every row of a table, or element of a list.",
  body: "cells",
  starter: ({ tables }) => `---\nrows: ${tables[0]?.name ?? "TABLE"}\n---`,
  configuration: z.strictObject({
    // That a sheet has none is told with what else may be wrong with them.
    rows: z.union([z.string(), z.array(z.unknown())]).optional(),
    with: z.record(z.string(), z.unknown()).optional(),
    columns: z.array(z.string()).optional(),
    key: z.string().optional(),
  }),
  fields: [
    { key: "rows", label: "Rows", control: "cell", help: "What gives them, or a list: `[red, green]`." },
    { key: "with", label: "With", control: "mapping", help: "Which input is which column: `message: =row.text`." },
    { key: "columns", label: "Columns", control: "cells" },
    { key: "key", label: "Key", control: "text", help: "The column that tells rows apart." },
  ],
  early: ["columns", "key"],
  effect: () => "pure",
  run() {
    throw new SheafError("internal", "a sheet is computed by its columns");
  },
});
