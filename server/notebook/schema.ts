import type { Datum } from "./value.ts";

/** A JSON Schema as plain data. */
export type JsonSchema = { readonly [key: string]: Datum };

/** What is no schema, and where in it. */
export class SchemaError extends TypeError {
  /** The keys that lead to it from the schema's root. */
  readonly path: readonly string[];

  constructor(path: readonly string[], problem: string) {
    super(problem);
    this.path = path;
  }
}

const words: { readonly [word: string]: JsonSchema } = {
  string: { type: "string" },
  number: { type: "number" },
  integer: { type: "integer" },
  boolean: { type: "boolean" },
  json: {},
};

/** Keys by which a mapping is JSON Schema already, and not the short form of an object. */
const schemaKeys = new Set([
  "type",
  "enum",
  "const",
  "properties",
  "items",
  "anyOf",
  "oneOf",
  "allOf",
  "$ref",
  "$schema",
]);

/**
 * The JSON Schema of a `schema:` field. The short form is a type word (`number`), a list of labels (`[EUR, USD]`), or a mapping
 * of field names to short forms, which is an object with all of them required and no others. Throws a `SchemaError` with the
 * path of what it does not know.
 */
export function toJsonSchema(schema: Datum, path: readonly string[] = []): JsonSchema {
  if (typeof schema === "string") {
    const known = Object.hasOwn(words, schema) ? words[schema] : undefined;
    if (known === undefined)
      throw new SchemaError(path, `must be one of ${Object.keys(words).join(", ")}, not \`${schema}\``);
    return known;
  }
  if (Array.isArray(schema)) {
    if (schema.length === 0) throw new SchemaError(path, "must have labels, and is an empty list");
    return { enum: schema };
  }
  if (schema === null || typeof schema !== "object")
    throw new SchemaError(path, `must be a type, a list of labels or a mapping, not ${String(schema)}`);
  const record = schema as { readonly [key: string]: Datum };
  const keys = Object.keys(record);
  if (isJsonSchema(record)) return record;
  return {
    type: "object",
    properties: Object.fromEntries(keys.map((key) => [key, toJsonSchema(record[key]!, [...path, key])])),
    required: keys,
    additionalProperties: false,
  };
}

/** A mapping is JSON Schema where one of its words stands with a value that only it can have: a field called `type` may still be a field. */
function isJsonSchema(record: { readonly [key: string]: Datum }): boolean {
  const keys = Object.keys(record);
  if (Array.isArray(record["enum"])) return keys.every((key) => schemaKeys.has(key) || key === "description");
  if (typeof record["type"] === "string" && ["object", "array"].includes(record["type"])) return true;
  if (typeof record["type"] === "string" && keys.length > 1) return keys.some((key) => jsonSchemaLimits.has(key));
  return (
    keys.some((key) => key.startsWith("$")) ||
    ["anyOf", "oneOf", "allOf"].some((key) => Array.isArray(record[key])) ||
    "const" in record
  );
}

const jsonSchemaLimits = new Set([
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "pattern",
  "format",
  "description",
  "enum",
]);

/** The labels of a schema that is a plain choice of texts; null for any other. */
export function choicesOf(schema: JsonSchema): readonly string[] | null {
  const labels = schema["enum"];
  return Array.isArray(labels) && labels.every((label) => typeof label === "string") ? labels : null;
}
