import type { ErrorObject } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { linearPattern } from "#evals/linear-pattern.ts";
import { canonicalJson, type CanonicalInput } from "#server/notebook/canonical-json.ts";
import { hasBigint } from "#server/notebook/has-bigint.ts";
import { SchemaError, type JsonSchema } from "#server/notebook/schema.ts";

/** What is wrong with an answer in plain words, `` `lines[0].count` must be a whole number, not "two"``; null where its schema allows it. */
export type AnswerCheck = (answer: unknown) => string | null;

/**
 * The check of answers against a JSON Schema (2020-12; `format` is a remark, as it is there). A schema is compiled once. Patterns
 * are RE2's, which take time linear in the answer. Throws a `SchemaError` for what is no such schema, with its path.
 */
export function answerCheck(schema: JsonSchema): AnswerCheck {
  const text = canonicalJson(schema as CanonicalInput);
  let check = checks.get(text);
  if (check === undefined) {
    check = compile(JSON.parse(text) as { [keyword: string]: unknown });
    // A schema that an expression makes anew for each row must not fill the memory.
    if (checks.size >= 100) checks.delete(checks.keys().next().value!);
    checks.set(text, check);
  }
  return check;
}

const checks = new Map<string, AnswerCheck>();

let shared: Ajv2020 | undefined;

function compile(schema: { [keyword: string]: unknown }): AnswerCheck {
  // Whatever draft it names, what is common to all of them is read.
  delete schema["$schema"];
  const ajv = (shared ??= new Ajv2020({
    strict: false,
    logger: false,
    verbose: true,
    ownProperties: true,
    validateFormats: false,
    addUsedSchema: false,
    code: { regExp: Object.assign(patternOf, { code: "" }) },
  }));
  if (ajv.validateSchema(schema) !== true) {
    const error = schemaFault(ajv.errors!);
    throw new SchemaError(pathOf(error), requirement(error));
  }
  try {
    const validate = ajv.compile(schema);
    return (answer) =>
      validate(hasBigint(answer) ? rounded(answer) : answer) ? null : sentence(mainError(validate.errors!));
  } catch (cause) {
    if (cause instanceof SchemaError) throw cause;
    throw new SchemaError([], `cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`);
  } finally {
    ajv.removeSchema(schema);
  }
}

/** A value whose whole numbers beyond 2^53 are as near as a number comes to them: the validator knows no others. */
function rounded(value: unknown): unknown {
  if (typeof value === "bigint") return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, Number(value)));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, rounded(member)]));
}

function patternOf(pattern: string): { readonly test: (text: string) => boolean; readonly toString: () => string } {
  try {
    const compiled = linearPattern(pattern, false);
    // The validator tells patterns apart by their text.
    return { test: (text) => compiled.matcher(text).find(), toString: () => pattern };
  } catch {
    throw new SchemaError([], `has a pattern that cannot be used: /${pattern}/ (there is no look-around)`);
  }
}

/** Of the errors of a choice of forms the one about the choice, which comes last; otherwise the first. */
function mainError(errors: readonly ErrorObject[]): ErrorObject {
  const last = errors.at(-1)!;
  return ["anyOf", "oneOf"].includes(last.keyword) ? last : errors[0]!;
}

/** The error that says most of what is wrong with a schema itself: a word that is none of the words there are. */
function schemaFault(errors: readonly ErrorObject[]): ErrorObject {
  return errors.find(({ keyword }) => keyword === "enum") ?? errors[0]!;
}

function pathOf({ instancePath }: ErrorObject): readonly string[] {
  return instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function sentence(error: ErrorObject): string {
  const path = pathOf(error).reduce(
    (text, part) => (/^\d+$/.test(part) ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`),
    "",
  );
  return `${path === "" ? "it" : `\`${path}\``} ${requirement(error)}`;
}

const nouns: { readonly [type: string]: string } = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};

/** What a value must be, `must be a number, not "two"`. */
function requirement({ keyword, params, message, data }: ErrorObject): string {
  switch (keyword) {
    case "type":
      return `must be ${[params["type"]].flat().map(nounOf).join(" or ")}, not ${shown(data)}`;
    case "required":
      return `lacks \`${String(params["missingProperty"])}\``;
    case "additionalProperties":
      return `has \`${String(params["additionalProperty"])}\`, which its schema does not have`;
    case "enum":
      return `must be one of ${(params["allowedValues"] as readonly unknown[]).map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(", ")}, not ${shown(data)}`;
    case "const":
      return `must be ${shown(params["allowedValue"])}, not ${shown(data)}`;
    case "minimum":
      return `must be at least ${String(params["limit"])}, not ${shown(data)}`;
    case "maximum":
      return `must be at most ${String(params["limit"])}, not ${shown(data)}`;
    case "exclusiveMinimum":
      return `must be over ${String(params["limit"])}, not ${shown(data)}`;
    case "exclusiveMaximum":
      return `must be under ${String(params["limit"])}, not ${shown(data)}`;
    case "pattern":
      return `must match /${String(params["pattern"])}/, and is ${shown(data)}`;
    case "anyOf":
    case "oneOf":
      return `is none of the forms its schema allows, or more than one: ${shown(data)}`;
    default:
      return message ?? "breaks its schema";
  }
}

function nounOf(type: unknown): string {
  return nouns[String(type)] ?? String(type);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
