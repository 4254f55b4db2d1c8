import { z } from "zod";
import { defineCellKind, type CellKind } from "#server/notebook/cell-kind.ts";

/** Whether a sheet is computed: skipped where its `when` is false, for all its rows at once. No one writes it as a cell. */
export const condition = defineCellKind({
  kind: "condition",
  version: 1,
  title: "Condition",
  description: "Whether a sheet is computed.",
  body: "none",
  configuration: z.strictObject({}),
  fields: [],
  effect: () => "pure",
  *run({ items }) {
    for (const item of items.keys()) yield { type: "value", item, value: { type: "boolean", value: true } };
  },
}) as unknown as CellKind;
