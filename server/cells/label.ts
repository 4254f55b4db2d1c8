import { z } from "zod";
import { defineCellKind } from "#server/notebook/cell-kind.ts";

/** What a person enters for each row. The value is theirs, in the notes; there is nothing to compute. */
export const label = defineCellKind({
  kind: "label",
  version: 1,
  title: "Label",
  description: "A column a person fills in.",
  body: "none",
  configuration: z.strictObject({
    type: z.union([z.enum(["string", "number", "boolean", "json"]), z.array(z.string())]).default("string"),
    help: z.string().optional(),
  }),
  fields: [
    { key: "type", label: "Type", control: "choice", options: ["string", "number", "boolean", "json"] },
    { key: "help", label: "Help", control: "text" },
  ],
  effect: () => "pure",
  *run({ items }) {
    for (const index of items.keys()) yield { type: "value", item: index, value: { type: "null" } };
  },
});
