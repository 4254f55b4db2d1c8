import { canonicalJson } from "#server/notebook/canonical-json.ts";
import { toJsonSchema, type JsonSchema } from "#server/notebook/schema.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { JsonObject, PastedRequest } from "./pasted-request.ts";

/** The settings of a prompt that a request has, and in words what of it a prompt cannot have. */
export interface RequestSettings {
  readonly settings: { readonly [key: string]: Datum };
  readonly left: readonly string[];
}

/** What says how an answer travels, and nothing about it. */
const passedOver = new Set([
  "stream",
  "stream_options",
  "store",
  "model",
  "messages",
  "input",
  "instructions",
  "system",
]);
const renamed: { readonly [member: string]: string } = {
  max_completion_tokens: "max_tokens",
  max_output_tokens: "max_tokens",
  stop_sequences: "stop",
  random_seed: "seed",
  n: "repeat",
};
const settable = new Set(["temperature", "top_p", "max_tokens", "stop", "seed", "repeat", "reasoning_effort"]);

/** Reads a request's parameters and the form of its answer. */
export function requestSettings({ body }: PastedRequest): RequestSettings {
  const settings: { [key: string]: Datum } = {};
  const left: string[] = [];
  for (const [member, value] of Object.entries(withEffort(body))) {
    const key = renamed[member] ?? member;
    if (passedOver.has(member) || value === null || (member === "n" && value === 1)) continue;
    if (settable.has(key)) settings[key] = plainly(value as Datum);
    else {
      const form = answerForm(member, value);
      if (form.schema !== undefined) settings["schema"] = plainly(form.schema);
      left.push(...(form.left ?? []));
    }
  }
  return { settings, left };
}

/**
 * The body with `reasoning_effort` where Responses and Anthropic say it in a place of their own. Whether what was thought is sent
 * too changes no answer.
 */
function withEffort(body: JsonObject): JsonObject {
  const { reasoning, thinking, output_config, ...rest } = body;
  const { effort, summary: _, ...others } = asObject(reasoning);
  const { effort: own, ...output } = asObject(output_config);
  const { type } = asObject(thinking);
  const said = effort ?? own ?? (type === "disabled" ? "none" : undefined);
  return {
    ...rest,
    ...(Object.keys(others).length === 0 ? {} : { reasoning: others }),
    ...(Object.keys(output).length === 0 ? {} : { output_config: output }),
    ...(thinking === undefined || type === "disabled" || (type === "adaptive" && said !== undefined)
      ? {}
      : { thinking }),
    ...(said === undefined ? {} : { reasoning_effort: said }),
  };
}

function asObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null ? (value as JsonObject) : {};
}

/** `response_format` of Chat Completions, `text.format` of Responses, `output_config.format` of Anthropic; everything else is left. */
function answerForm(member: string, value: unknown): { readonly schema?: Datum; readonly left?: readonly string[] } {
  const inner = typeof value === "object" && value !== null ? (value as JsonObject) : {};
  const format =
    member === "response_format" ? inner : member === "text" || member === "output_config" ? inner["format"] : null;
  if (typeof format !== "object" || format === null) return { left: [member] };
  const { type, schema, json_schema: named } = format as JsonObject;
  const others = Object.keys(inner).filter((key) => format !== inner && key !== "format");
  const left = others.map((key) => `${member}.${key}`);
  if (type === "text") return { left };
  if (type === "json_object") return { schema: "json", left };
  const given = schema ?? (named as JsonObject | undefined)?.["schema"];
  const written = typeof given === "object" && given !== null ? shortSchema(given as JsonSchema) : null;
  return written === null ? { left: [member] } : { schema: written, left };
}

/** A JSON Schema as `schema:` has it, short where that is the same; null where it cannot be said there. */
function shortSchema(schema: JsonSchema): Datum | null {
  const { type, properties, enum: labels } = schema as { readonly [key: string]: unknown };
  const tries: readonly (Datum | null)[] = [
    typeof type === "string" ? type : null,
    Array.isArray(labels) ? (labels as Datum) : null,
    typeof properties === "object" && properties !== null
      ? shortFields(properties as { readonly [name: string]: JsonSchema })
      : null,
    schema,
  ];
  return tries.find((one) => one !== null && means(one, schema)) ?? null;
}

function shortFields(properties: { readonly [name: string]: JsonSchema }): Datum | null {
  const fields = Object.entries(properties).map(([name, schema]) => [name, shortSchema(schema)] as const);
  return fields.some(([, schema]) => schema === null) ? null : (Object.fromEntries(fields) as Datum);
}

function means(written: Datum, schema: JsonSchema): boolean {
  try {
    return canonicalJson(toJsonSchema(written)) === canonicalJson(schema);
  } catch {
    // What `schema:` does not take is said by its other forms, or left.
    return false;
  }
}

/** A text that begins with `=` would be an expression: it becomes one that gives the text. */
function plainly(value: Datum): Datum {
  if (typeof value === "string") return value.startsWith("=") ? `=${JSON.stringify(value)}` : value;
  if (Array.isArray(value)) return value.map((one: Datum) => plainly(one));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainly(member as Datum)]));
}
