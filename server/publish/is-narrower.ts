import type { JsonSchema } from "#server/notebook/schema.ts";
import type { Datum } from "#server/notebook/value.ts";

/**
 * Whether every value of one JSON Schema is one of another, of those that contracts have: types, labels, `anyOf`, objects by their
 * properties, lists by their items. False also where that cannot be told.
 */
export function isNarrower(one: JsonSchema, other: JsonSchema): boolean {
  const [values, wanted] = [alternatives(one), alternatives(other)];
  return values.every((value) => wanted.some((each) => fits(value, each)));
}

function fits(one: JsonSchema, other: JsonSchema): boolean {
  const { type, enum: labels } = other;
  if (type === undefined && labels === undefined) return true;
  if (Array.isArray(labels)) return Array.isArray(one["enum"]) && one["enum"].every((label) => labels.includes(label));
  if (one["type"] !== type && !(one["type"] === "integer" && type === "number")) return false;
  switch (type) {
    case "object":
      return objectFits(one, other);
    case "array":
      return isNarrower(schemaAt(one["items"]), schemaAt(other["items"]));
    default:
      return true;
  }
}

function objectFits(one: JsonSchema, other: JsonSchema): boolean {
  const [has, wants] = [propertiesOf(one), propertiesOf(other)];
  const required = requiredOf(one);
  return (
    requiredOf(other).every((name) => required.includes(name)) &&
    Object.entries(wants).every(([name, schema]) => !Object.hasOwn(has, name) || isNarrower(has[name]!, schema)) &&
    (other["additionalProperties"] !== false || Object.keys(has).every((name) => Object.hasOwn(wants, name)))
  );
}

export function propertiesOf({ properties }: JsonSchema): { readonly [name: string]: JsonSchema } {
  return (properties ?? {}) as { readonly [name: string]: JsonSchema };
}

export function requiredOf({ required }: JsonSchema): readonly Datum[] {
  return Array.isArray(required) ? required : [];
}

export function schemaAt(schema: Datum | undefined): JsonSchema {
  return (schema ?? {}) as JsonSchema;
}

/** The schemas of which a value has one, where a schema says several. */
function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  const { anyOf, type } = schema;
  if (Array.isArray(anyOf)) return (anyOf as readonly JsonSchema[]).flatMap(alternatives);
  return Array.isArray(type) ? type.map((each) => ({ ...schema, type: each })) : [schema];
}
