import { isMapping } from "#server/notebook/is-mapping.ts";
import type { JsonSchema } from "#server/notebook/schema.ts";
import type { Datum } from "#server/notebook/value.ts";

/** What DuckDB's `json_transform` takes for the values of a schema, null or not: the type of each part, JSON where it may be anything. */
export function schemaStructure(schema: JsonSchema): Datum {
  const { type, enum: labels, properties, items } = schema;
  const others = someOf(schema["anyOf"] ?? schema["oneOf"]).filter((one) => isSchema(one) && one["type"] !== "null");
  if (others.length === 1) return schemaStructure(others[0] as JsonSchema);
  const kinds = new Set<Datum | undefined>(labels === undefined ? someOf(type) : someOf(labels).map(jsonType));
  kinds.delete("null");
  const [kind] = kinds;
  if (kinds.size !== 1) return "JSON";
  if (kind === "object" && isSchema(properties))
    return Object.fromEntries(
      Object.entries(properties).map(([name, one]) => [name, isSchema(one) ? schemaStructure(one) : "JSON"]),
    );
  if (kind === "array" && isSchema(items)) return [schemaStructure(items)];
  return plainTypes[String(kind)] ?? "JSON";
}

const plainTypes: { readonly [type: string]: string } = {
  string: "VARCHAR",
  number: "DOUBLE",
  integer: "BIGINT",
  boolean: "BOOLEAN",
};

function someOf(value: Datum | undefined): readonly Datum[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly Datum[]) : [value];
}

function jsonType(datum: Datum): string {
  return datum === null ? "null" : typeof datum === "bigint" ? "number" : typeof datum;
}

function isSchema(value: Datum | undefined): value is JsonSchema {
  return isMapping(value);
}
