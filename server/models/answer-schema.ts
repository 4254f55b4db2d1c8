import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Datum } from "#server/notebook/value.ts";

/** A JSON Schema as providers take it, and the way back from their answer. */
export interface AnswerSchema {
  readonly schema: { readonly [keyword: string]: Datum };
  /** Whether every object is closed and all its members required: what OpenAI calls strict. */
  readonly strict: boolean;
  /** Whether a part of it admits any value, or an object of any members: who closes every object has no word for that. */
  readonly open: boolean;
  /** Whether it says no more than that the answer is an object. */
  readonly anyObject: boolean;
  /** True where the schema had to be put in an object, so that the text is read only when it is complete. */
  readonly wrapped: boolean;
  /** The answer from the complete text of a model: the bare string for a schema of strings, otherwise JSON text. */
  readonly unwrap: (text: string) => string;
}

type Schema = { readonly [keyword: string]: Datum };

const member = "answer";

/**
 * A schema as the structured output of OpenAI and Anthropic demands it: the root is an object, and objects that have members are
 * closed: one of any members would admit nothing else. A schema of something else (an enum, a number, a list) is wrapped in an object with the one member `answer` and unwrapped
 * from what comes. Null where the schema admits any string, because then there is nothing to hold the model to.
 * Sources: OpenAI "Structured model outputs", Anthropic "Structured outputs".
 */
export function toAnswerSchema(schema: Datum | undefined): AnswerSchema | null {
  if (!isMapping(schema)) return null;
  if (
    Object.keys(schema).every((keyword) => keyword === "type" || keyword === "description") &&
    schema["type"] === "string"
  )
    return null;
  const closed = closeObjects(schema);
  const wrapped = !isObjectSchema(closed);
  const root: Schema = wrapped
    ? { type: "object", properties: { [member]: closed }, required: [member], additionalProperties: false }
    : closed;
  return {
    schema: root,
    strict: !anyPart(root, isLoose),
    open: anyPart(root, isOpen),
    anyObject: isAnyObject(schema),
    wrapped,
    unwrap: wrapped ? unwrap : (text) => text,
  };
}

/** A text that cannot be unwrapped, as one cut by `max_tokens`, stays as it is. */
function unwrap(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null || !(member in parsed)) return text;
    const value = (parsed as { [member]: unknown })[member];
    return typeof value === "string" ? value : JSON.stringify(value);
  } catch {
    return text;
  }
}

function isObjectSchema(schema: Schema): boolean {
  return schema["type"] === "object" || (schema["type"] === undefined && isMapping(schema["properties"]));
}

/** Keywords whose value is a schema, a list of schemas, or an object of schemas. */
const nested = ["items", "additionalProperties", "not"];
const nestedLists = ["anyOf", "oneOf", "allOf", "prefixItems"];
const nestedMaps = ["properties", "$defs", "definitions"];

function mapSchemas(schema: Schema, change: (inner: Schema) => Schema): Schema {
  const apply = (value: Datum): Datum => (isMapping(value) ? change(value) : value);
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]): [string, Datum] => {
      if (nested.includes(keyword)) return [keyword, apply(value)];
      if (nestedLists.includes(keyword) && Array.isArray(value))
        return [keyword, (value as readonly Datum[]).map(apply)];
      if (nestedMaps.includes(keyword) && isMapping(value))
        return [keyword, Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, apply(inner)]))];
      return [keyword, value];
    }),
  );
}

function closeObjects(schema: Schema): Schema {
  const inner = mapSchemas(schema, closeObjects);
  if (!isMapping(inner["properties"]) || !admitsObject(inner) || inner["additionalProperties"] !== undefined)
    return inner;
  return { ...inner, type: inner["type"] ?? "object", additionalProperties: false };
}

/** Whether something holds of a schema or of one inside it. */
function anyPart(schema: Schema, holds: (part: Schema) => boolean): boolean {
  let found = holds(schema);
  mapSchemas(schema, (inner) => {
    found ||= anyPart(inner, holds);
    return inner;
  });
  return found;
}

/** Whether OpenAI's strict mode does not take it. */
function isLoose(schema: Schema): boolean {
  if (isUnsaid(schema, ["type", "enum", "const", "anyOf", "$ref"])) return true;
  if (schema["type"] === "array" && schema["items"] === undefined) return true;
  if (!admitsObject(schema)) return false;
  const required = Array.isArray(schema["required"]) ? (schema["required"] as readonly Datum[]) : [];
  const { properties } = schema;
  return (
    schema["additionalProperties"] !== false ||
    !isMapping(properties) ||
    !Object.keys(properties).every((name) => required.includes(name))
  );
}

function isOpen(schema: Schema): boolean {
  return (
    isUnsaid(schema, ["type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref"]) ||
    (admitsObject(schema) && !isMapping(schema["properties"]))
  );
}

function isUnsaid(schema: Schema, keywords: readonly string[]): boolean {
  return keywords.every((keyword) => schema[keyword] === undefined);
}

function admitsObject(schema: Schema): boolean {
  const { type } = schema;
  return isObjectSchema(schema) || (Array.isArray(type) && type.includes("object"));
}

function isAnyObject(schema: Schema): boolean {
  const { type, additionalProperties: others = true, $schema: _, ...rest } = schema;
  const admitsAny = others === true || (isMapping(others) && Object.keys(others).length === 0);
  return type === "object" && admitsAny && Object.keys(rest).length === 0;
}
