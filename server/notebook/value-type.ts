import type { CellKind } from "./cell-kind.ts";
import type { Node } from "./graph-node.ts";
import { SchemaError, toJsonSchema, type JsonSchema } from "./schema.ts";
import type { Datum } from "./value.ts";

/** What is known of a cell's value before there is one: that it is plain data of a JSON Schema, or which other type it has. */
export type ValueType =
  | { readonly type: "plain"; readonly schema: JsonSchema }
  /** `checks` have a verdict each in it, by these names. */
  | { readonly type: "score"; readonly checks: readonly string[] }
  | { readonly type: "table" | "test" | "chart" };

/** Plain data of any form. */
export const anyValue: ValueType = { type: "plain", schema: {} };

/** A text. */
export const textValue: ValueType = { type: "plain", schema: { type: "string" } };

/** The type of a value under a `schema:` field; of any form where that is computed, no schema, or one with references of its own. */
export function schemaType(schema: Datum): ValueType {
  const text = JSON.stringify(schema, (_key, member: unknown) =>
    typeof member === "bigint" ? Number(member) : member,
  );
  if (/"=|"\$(ref|dynamicRef|id)"/.test(text)) return anyValue;
  try {
    return { type: "plain", schema: toJsonSchema(schema) };
  } catch (thrown) {
    if (thrown instanceof SchemaError) return anyValue;
    throw thrown;
  }
}

/** The type of a node's value: its kind's, or of repeats made one value what that comes to. */
export function valueTypeOf(
  { wordings, reduces }: Pick<Node, "wordings" | "reduces">,
  kinds: ReadonlyMap<string, CellKind>,
): ValueType {
  const cell = wordings[0]!;
  const reduce = reduces ? cell.configuration.values["reduce"] : "majority";
  if (reduce !== "majority") return { type: "plain", schema: { type: ["number", "null"] } };
  return kinds.get(cell.kind)?.valueType?.(cell) ?? anyValue;
}
