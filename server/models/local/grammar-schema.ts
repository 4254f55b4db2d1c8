import { isMapping } from "#server/notebook/is-mapping.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";

type Schema = { readonly [key: string]: Datum };

/**
 * The labels of a schema that allows some strings and nothing else (`enum` or `const`), null for any other schema. Such an answer is
 * given as the bare label, without quotation marks.
 */
export function labelsOf(schema: Datum): readonly string[] | null {
  if (!isMapping(schema)) return null;
  const labels = schema["enum"] ?? (schema["const"] === undefined ? undefined : [schema["const"]]);
  if (!Array.isArray(labels) || labels.length === 0) return null;
  return labels.every((label) => typeof label === "string" && label !== "") ? (labels as string[]) : null;
}

/** Whether a schema describes a string: its answer is bare text, which nothing is held to while it is written. */
export function isStringSchema(schema: Datum): boolean {
  return isMapping(schema) && schema["type"] === "string";
}

/**
 * A GBNF grammar of exactly these labels. In text that is continued a space may stand before and a line end after the label, because
 * that is how the examples in it have taught the model to write.
 */
export function labelGrammar(labels: readonly string[], continued: boolean): string {
  const choice = `(${labels.map(literal).join(" | ")})`;
  return continued ? `root ::= [ ]? ${choice} [\\n]?\n` : `root ::= ${choice}\n`;
}

/** A grammar before whose text a space may stand, as before a label in text that is continued. */
export function continuedGrammar(grammar: string): string {
  return grammar.replace(/^root ::= /, "root ::= [ ]? ");
}

function literal(text: string): string {
  const characters = Array.from(text, (character) => {
    if (character === '"' || character === "\\") return `\\${character}`;
    if (character < " ") return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
    return character;
  });
  return `"${characters.join("")}"`;
}

/** Keywords that describe and constrain nothing, or that the reader of the answer checks because a grammar cannot. */
const ignored = new Set(
  "$schema $id $comment title description default examples deprecated readOnly writeOnly required pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf uniqueItems contentEncoding contentMediaType".split(
    " ",
  ),
);
const kept = new Set("type enum const minLength maxLength minItems maxItems minProperties maxProperties".split(" "));
const scalarTypes = ["string", "number", "boolean", "null"];
const formats = new Set(["date", "time", "date-time"]);

/**
 * A JSON Schema in the words the grammar generator of node-llama-cpp knows. What a grammar cannot hold an answer to (`pattern`,
 * `minimum`) is left to whoever checks the answer; what would change its meaning if left out is an error `model.schema`.
 */
export function grammarSchema(schema: Datum): Schema {
  if (schema === true) return anything;
  if (!isMapping(schema)) throw unsupported(`a schema is an object, not ${JSON.stringify(schema)}`);
  const result: { [key: string]: Datum } = {};
  for (const [key, value] of Object.entries(schema)) {
    if (kept.has(key)) result[key] = value;
    else if (key === "anyOf" || key === "oneOf") result["oneOf"] = list(key, value).map(grammarSchema);
    else if (key === "properties") result[key] = mapValues(value);
    else if (key === "$defs" || key === "definitions") result["$defs"] = mapValues(value);
    else if (key === "$ref") result[key] = reference(value);
    else if (key === "items") result[key] = grammarSchema(value);
    else if (key === "prefixItems") result[key] = list(key, value).map(grammarSchema);
    else if (key === "additionalProperties") result[key] = typeof value === "boolean" ? value : grammarSchema(value);
    else if (key === "format") {
      if (typeof value === "string" && formats.has(value)) result[key] = value;
    } else if (!ignored.has(key)) throw unsupported(`\`${key}\``);
  }
  return complete(result);
}

/** Fills in what the generator needs to be told: the type that other keywords imply, and members where any are allowed. */
function complete(schema: Schema): Schema {
  const type = schema["type"] ?? impliedType(schema);
  if (Array.isArray(type)) {
    const structured = type.filter((each) => each === "object" || each === "array");
    if (structured.length === 0) return schema;
    return { oneOf: type.map((each) => complete({ ...schema, type: each })) };
  }
  if (type === undefined)
    return ["enum", "const", "oneOf", "$ref"].some((key) => key in schema) ? schema : { ...schema, ...anything };
  if (type === "object" && schema["properties"] === undefined) return { additionalProperties: true, ...schema, type };
  return { ...schema, type };
}

function impliedType(schema: Schema): Datum | undefined {
  if ("properties" in schema || "additionalProperties" in schema) return "object";
  if ("items" in schema || "prefixItems" in schema) return "array";
  if ("minLength" in schema || "maxLength" in schema || "format" in schema) return "string";
  return undefined;
}

const anything: Schema = {
  oneOf: [{ type: scalarTypes }, { type: "array" }, { type: "object", additionalProperties: true }],
};

function reference(value: Datum): string {
  const match = typeof value === "string" ? /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(value) : null;
  if (match === null) throw unsupported(`the \`$ref\` ${JSON.stringify(value)}; only #/$defs/NAME is`);
  return `#/$defs/${match[1]}`;
}

function mapValues(value: Datum): Schema {
  if (!isMapping(value)) throw unsupported(`\`properties\` or \`$defs\` that are ${JSON.stringify(value)}`);
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, grammarSchema(schema)]));
}

function list(key: string, value: Datum): readonly Datum[] {
  if (Array.isArray(value)) return value as readonly Datum[];
  throw unsupported(`\`${key}\` that is no list`);
}

function unsupported(what: string): SheafError {
  return new SheafError("model.schema", `local models cannot be held to a schema with ${what}`, {
    cure: "Say it with type, enum, const, properties, items, anyOf and $defs.",
  });
}
