import { amountText } from "#server/notebook/amount-text.ts";
import type { Range } from "#server/models/estimate.ts";
import { canonicalJson } from "#server/notebook/canonical-json.ts";
import type { JsonSchema } from "#server/notebook/schema.ts";
import type { ResolvedModel } from "#server/store/store.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { Contract } from "./contract.ts";
import { isNarrower, propertiesOf, requiredOf, schemaAt } from "./is-narrower.ts";

/** What a caller notices of a notebook: what they give and get, which models answer, and what a request costs. */
export interface Seen {
  readonly contract: Contract;
  readonly models: { readonly [name: string]: ResolvedModel };
  /** US dollars of one request; null where it is not known. */
  readonly price: Range | null;
}

/** One thing that would be otherwise for a caller. */
export interface Difference {
  /** Whether requests that are answered now would be refused, or an answer they rely on would lack something. */
  readonly breaks: boolean;
  readonly text: string;
}

/** What callers of the live version would notice if the draft were published, what breaks for them first. */
export function compareContracts(live: Seen, draft: Seen): readonly Difference[] {
  const all = [...inputs(live.contract, draft.contract), ...outputs(live.contract, draft.contract)];
  return [
    ...all.filter(({ breaks }) => breaks),
    ...all.filter(({ breaks }) => !breaks),
    ...models(live.models, draft.models),
    ...price(live.price, draft.price),
  ];
}

function* inputs(live: Contract, draft: Contract): Iterable<Difference> {
  const before = new Map(live.inputs.map((input) => [input.name, input]));
  for (const { name, required, schema } of draft.inputs) {
    const old = before.get(name);
    before.delete(name);
    if (old === undefined) {
      yield required
        ? { breaks: true, text: `\`${name}\` is a new input and is required: requests without it are refused` }
        : { breaks: false, text: `\`${name}\` is a new input, ${defaultOf(schema)} where it is not given` };
      continue;
    }
    if (required && !old.required)
      yield { breaks: true, text: `\`${name}\` is required now: requests without it are refused` };
    if (!required && old.required)
      yield { breaks: false, text: `\`${name}\` need not be given any more, and is ${defaultOf(schema)} then` };
    if (!required && !old.required && defaultOf(schema) !== defaultOf(old.schema))
      yield {
        breaks: false,
        text: `\`${name}\` is ${defaultOf(schema)} where it is not given, and was ${defaultOf(old.schema)}`,
      };
    yield* changes(`\`${name}\` takes`, old.schema, schema, "input");
  }
  for (const name of before.keys())
    yield { breaks: true, text: `\`${name}\` is no input any more: requests that give it are refused` };
}

function* outputs(live: Contract, draft: Contract): Iterable<Difference> {
  const before = new Map(live.outputs.map((output) => [output.name, output]));
  for (const { name, schema } of draft.outputs) {
    const old = before.get(name);
    before.delete(name);
    if (old === undefined) yield { breaks: false, text: `\`${name}\` is a new output` };
    else yield* changes(`\`${name}\` gives`, old.schema, schema, "output");
  }
  for (const name of before.keys()) yield { breaks: true, text: `\`${name}\` is no output any more` };
}

/**
 * What changed in a type: labels and fields that came and went, each at its place, or the type as a whole. It breaks a caller who may
 * give what is taken no more, or is given what they cannot know.
 */
function* changes(verb: string, before: JsonSchema, after: JsonSchema, side: "input" | "output"): Iterable<Difference> {
  const [old, now] = [typeOf(before), typeOf(after)];
  if (canonicalJson(old) === canonicalJson(now)) return;
  const breaks = side === "input" ? !isNarrower(old, now) : !isNarrower(now, old);
  const [labelsBefore, labelsAfter] = [old["enum"], now["enum"]];
  if (Array.isArray(labelsBefore) && Array.isArray(labelsAfter)) {
    const gone = labelsBefore.filter((label) => !labelsAfter.includes(label));
    const fresh = labelsAfter.filter((label) => !labelsBefore.includes(label));
    // A caller may give a label that is gone, and cannot know one they are given for the first time.
    if (gone.length > 0) yield { breaks: side === "input", text: `${verb} ${gone.join(", ")} no more` };
    if (fresh.length > 0) yield { breaks: side === "output", text: `${verb} ${fresh.join(", ")}, too` };
  } else if (old["type"] === "array" && now["type"] === "array" && hasFields(old["items"]) && hasFields(now["items"]))
    yield* changes(verb, schemaAt(old["items"]), schemaAt(now["items"]), side);
  else if (hasFields(old) && hasFields(now)) yield* fields(verb, old, now, side);
  else yield { breaks, text: `${verb} ${typeText(now)}, and did ${typeText(old)}` };
}

/** What changed in an object's fields. */
function* fields(verb: string, old: JsonSchema, now: JsonSchema, side: "input" | "output"): Iterable<Difference> {
  const [before, after] = [propertiesOf(old), propertiesOf(now)];
  const [sure, isSure] = [requiredOf(old), requiredOf(now)];
  for (const [name, schema] of Object.entries(after)) {
    const isNeeded = side === "input" && isSure.includes(name);
    if (!Object.hasOwn(before, name)) yield { breaks: isNeeded, text: `${verb} a field \`${name}\`, too` };
    else {
      yield* changes(`${verb} in \`${name}\``, before[name]!, schema, side);
      if (sure.includes(name) !== isSure.includes(name))
        yield {
          breaks: isSure.includes(name) === (side === "input"),
          text: `${verb} ${isSure.includes(name) ? "always" : "not always"} a field \`${name}\` now`,
        };
    }
  }
  for (const name of Object.keys(before))
    if (!Object.hasOwn(after, name)) yield { breaks: side === "output", text: `${verb} no field \`${name}\` any more` };
}

function hasFields(schema: Datum | undefined): boolean {
  return Object.keys(propertiesOf(schemaAt(schema))).length > 0;
}

/** A schema without what is no type. */
function typeOf(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).filter(([key]) => key !== "default" && key !== "description" && key !== "examples"),
  );
}

function typeText(schema: JsonSchema): string {
  const { type, enum: labels, anyOf } = schema;
  if (Array.isArray(labels)) return `one of ${labels.join(", ")}`;
  if (Array.isArray(anyOf)) return anyOf.map((one) => typeText(one as JsonSchema)).join(" or ");
  if (Array.isArray(type)) return type.map((one) => typeText({ type: one })).join(" or ");
  switch (type) {
    case "string":
      return "a text";
    case "number":
      return "a number";
    case "integer":
      return "a whole number";
    case "boolean":
      return "true or false";
    case "array":
      return `a list, each ${typeText(schemaAt(schema["items"]))}`;
    case "object": {
      const names = Object.keys(propertiesOf(schema));
      return names.length === 0 ? "an object" : `an object with ${names.join(", ")}`;
    }
    case "null":
      return "null";
    default:
      return "any JSON";
  }
}

function defaultOf(schema: JsonSchema): string {
  const { default: value } = schema;
  return value === undefined ? "a dataset" : typeof value === "string" ? JSON.stringify(value) : canonicalJson(value);
}

function* models(live: Seen["models"], draft: Seen["models"]): Iterable<Difference> {
  const before = new Set(Object.values(live).map(({ model }) => model));
  const after = new Set(Object.values(draft).map(({ model }) => model));
  const gone = [...before].filter((model) => !after.has(model));
  const fresh = [...after].filter((model) => !before.has(model));
  if (gone.length > 0 && fresh.length > 0)
    yield { breaks: false, text: `${fresh.join(", ")} answers instead of ${gone.join(", ")}` };
  else if (fresh.length > 0) yield { breaks: false, text: `${fresh.join(", ")} is called, too` };
  else if (gone.length > 0) yield { breaks: false, text: `${gone.join(", ")} is not called any more` };
}

function* price(live: Range | null, draft: Range | null): Iterable<Difference> {
  if (live === null && draft === null) return;
  if (live === null)
    yield { breaks: false, text: `a request costs about ${dollars(draft!)}; what it costs now is not known` };
  else if (draft === null)
    yield { breaks: false, text: `what a request costs is not known; it costs about ${dollars(live)} now` };
  else if (dollars(live) !== dollars(draft)) {
    const times = live.likely > 0 && draft.likely > 0 ? draft.likely / live.likely : null;
    const factor =
      times === null || (times > 0.95 && times < 1.05) ? "" : `, ${Number(times.toPrecision(2))} times as much`;
    yield { breaks: false, text: `a request costs about ${dollars(draft)} instead of ${dollars(live)}${factor}` };
  }
}

function dollars({ likely }: Range): string {
  return amountText(likely);
}
