import { z } from "zod";
import { canonicalJson } from "#server/notebook/canonical-json.ts";
import { defineCellKind } from "#server/notebook/cell-kind.ts";
import type { Cell } from "#server/notebook/notebook.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { toJson } from "#server/notebook/to-json.ts";
import { toValue, type Datum, type Value } from "#server/notebook/value.ts";

const types = ["string", "number", "boolean", "json"] as const;

const configuration = z.strictObject({
  type: z.union([z.enum(types), z.array(z.string())]).default("string"),
  help: z.string().optional(),
});

/** What a person enters for each row. The value is theirs, in the notes; there is nothing to compute. */
export const label = defineCellKind({
  kind: "label",
  version: 1,
  title: "Label",
  description: "A column a person fills in.",
  body: "none",
  early: ["type", "help"],
  starter: () => "type: boolean",
  configuration,
  fields: [
    { key: "type", label: "Type", control: "choice", options: types },
    { key: "help", label: "Help", control: "text" },
  ],
  effect: () => "pure",
  *run({ items }) {
    for (const index of items.keys()) yield { type: "value", item: index, value: { type: "null" } };
  },
});

/** DuckDB's type of what will be entered in a label cell; undefined for text. */
export function labelSqlType({ configuration: { values } }: Pick<Cell, "configuration">): string | undefined {
  return values["type"] === "number"
    ? "DOUBLE"
    : values["type"] === "boolean"
      ? "BOOLEAN"
      : values["type"] === "json"
        ? "JSON"
        : undefined;
}

/** What was entered as the value of a label cell, typed by its `type:`. Throws `label.type` where it is of another, its type is none, or the cell no label. */
export function labelValue(cell: Pick<Cell, "name" | "kind" | "configuration">, entered: Datum): Value {
  if (cell.kind !== label.kind)
    throw new SheafError("label.type", `\`${cell.name}\` is no label cell`, {
      cure: "Edit its value instead, or make it a label.",
    });
  const given = cell.configuration.values["type"];
  const parsed = configuration.shape.type.safeParse(given);
  if (!parsed.success)
    throw new SheafError("label.type", `the label \`${cell.name}\` is of no type there is: ${toJson(given)}`, {
      cure: `Let its \`type\` be ${types.join(", ")}, or a list of labels.`,
    });
  const { data: type } = parsed;
  const fits = Array.isArray(type)
    ? typeof entered === "string" && type.includes(entered)
    : type === "json" || typeof entered === type || (type === "number" && typeof entered === "bigint");
  if (fits) return toValue(entered);
  throw new SheafError("label.type", `${canonicalJson(entered)} is no value of the label \`${cell.name}\``, {
    cure: `Enter ${Array.isArray(type) ? `one of ${type.join(", ")}` : `a ${type}`}.`,
  });
}
