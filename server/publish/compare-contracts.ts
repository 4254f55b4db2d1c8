import type { Range } from "#server/models/estimate.ts";
import { canonicalJson } from "#server/notebook/canonical-json.ts";
import type { JsonSchema } from "#server/notebook/schema.ts";
import type { ResolvedModel } from "#server/store/store.ts";
import type { Contract } from "./contract.ts";

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
    yield* labelsOrType(`\`${name}\` takes`, old.schema, schema, "input");
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
    else yield* labelsOrType(`\`${name}\` gives`, old.schema, schema, "output");
  }
  for (const name of before.keys()) yield { breaks: true, text: `\`${name}\` is no output any more` };
}

/** What changed in a type: labels that came and went, or the type as a whole. */
function* labelsOrType(verb: string, old: JsonSchema, now: JsonSchema, side: "input" | "output"): Iterable<Difference> {
  const [before, after] = [typeOf(old), typeOf(now)];
  if (canonicalJson(before) === canonicalJson(after)) return;
  const [labelsBefore, labelsAfter] = [old["enum"], now["enum"]];
  if (!Array.isArray(labelsBefore) || !Array.isArray(labelsAfter)) {
    yield { breaks: true, text: `${verb} ${typeText(after)}, and did ${typeText(before)}` };
    return;
  }
  const gone = labelsBefore.filter((label) => !labelsAfter.includes(label));
  const fresh = labelsAfter.filter((label) => !labelsBefore.includes(label));
  // A caller may give a label that is gone, and cannot know one they are given for the first time.
  if (gone.length > 0) yield { breaks: side === "input", text: `${verb} ${gone.join(", ")} no more` };
  if (fresh.length > 0) yield { breaks: side === "output", text: `${verb} ${fresh.join(", ")}, too` };
}

/** A schema without what is no type. */
function typeOf(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "default" && key !== "description"));
}

function typeText(schema: JsonSchema): string {
  const { type, enum: labels, properties, anyOf } = schema;
  if (Array.isArray(labels)) return `one of ${labels.join(", ")}`;
  if (properties !== undefined && properties !== null && typeof properties === "object")
    return `an object with ${Object.keys(properties).join(", ")}`;
  if (Array.isArray(anyOf)) return anyOf.map((one) => typeText(one as JsonSchema)).join(" or ");
  if (Array.isArray(type)) return type.join(" or ");
  switch (type) {
    case "string":
      return "a text";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
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
  return `$${likely === 0 ? "0" : Number(likely.toPrecision(2))}`;
}
