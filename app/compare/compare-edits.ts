import { isMapping } from "#server/notebook/is-mapping.ts";
import { labelOf } from "#server/notebook/axis.ts";
import type { Operation } from "#server/notebook/operation.ts";
import type { Datum } from "#server/notebook/value.ts";

/** A prompt's cell as the edits of a comparison need it. `path` is that of the wording that has the settings. */
export interface ComparedCell {
  readonly path: string;
  readonly configuration: { readonly [key: string]: Datum };
}

/** Parameters of a model that can be swept, with values people begin with. */
export const sweptParameters: { readonly [parameter: string]: readonly Datum[] } = {
  temperature: [0, 0.7, 1],
  top_p: [0.5, 1],
  max_tokens: [50, 200],
  reasoning_effort: ["low", "high"],
  seed: [1, 2, 3],
};

/** Compares one more model. A prompt without one gets it as its own. Nothing where it is compared already. */
export function addModel({ path, configuration }: ComparedCell, model: string): readonly Operation[] {
  const models = modelsOf(configuration);
  if (models.some((known) => hasLabel(known, model))) return [];
  if (models.length === 0) return [set(path, ["model"], model)];
  return [
    set(path, ["models"], [...models, model]),
    ...("model" in configuration ? [set(path, ["model"], undefined)] : []),
  ];
}

/** Varies a parameter over values; with fewer than two of them it is set, or left to the model. An axis of the same name is replaced. */
export function sweep(
  { path, configuration }: ComparedCell,
  parameter: string,
  values: readonly Datum[],
): readonly Operation[] {
  if (values.length > 1)
    return [
      set(path, ["vary", parameter], values),
      ...(configuration[parameter] === `=vary.${parameter}` ? [] : [set(path, [parameter], `=vary.${parameter}`)]),
    ];
  return [...withoutAxis(path, configuration, parameter), set(path, [parameter], values[0])];
}

/** Asks each variant so many times. */
export function sample({ path }: ComparedCell, count: number): readonly Operation[] {
  return [set(path, ["repeat"], count > 1 ? count : undefined)];
}

/** Compares one label of an axis less: the last one that is left is no axis any more. */
export function removeLabel({ path, configuration }: ComparedCell, axis: string, label: string): readonly Operation[] {
  if (axis === "model") {
    const left = modelsOf(configuration).filter((model) => !hasLabel(model, label));
    if (left.length !== 1) return [set(path, ["models"], left)];
    return typeof left[0] === "string"
      ? [set(path, ["models"], undefined), set(path, ["model"], left[0])]
      : [set(path, ["models"], left)];
  }
  const values = axisOf(configuration, axis).filter((value) => !hasLabel(value, label));
  if (axis in sweptParameters) return sweep({ path, configuration }, axis, values);
  return values.length === 0 ? withoutAxis(path, configuration, axis) : [set(path, ["vary", axis], values)];
}

/** Puts another wording beside one that is there, with the same text to begin with. A cell that stands alone becomes the first of them. */
export function addWording(
  wording: { readonly path: string; readonly name: string; readonly label: string | null; readonly source: string },
  last: { readonly path: string },
  taken: readonly string[],
): { readonly operations: readonly Operation[]; readonly label: string } {
  const first = wording.label ?? "first";
  const label = freeLabel([...taken, first]);
  const after = wording.label === null ? `${wording.path}.${first}` : last.path;
  const fence = fenceFor(wording.source);
  // A text that begins with a line of dashes would be taken for settings.
  const source = /^\s*---\s*$/m.test(wording.source.split("\n", 1)[0]!)
    ? `---\n---\n${wording.source}`
    : wording.source;
  return {
    label,
    operations: [
      ...(wording.label === null ? [{ type: "set-label", cell: wording.path, label: first } as const] : []),
      {
        type: "insert",
        at: { after },
        text: `${fence}prompt ${wording.name}.${label}\n${source.replace(/\n$/, "")}\n${fence}\n`,
      },
    ],
  };
}

/** The values of an axis of `vary`. */
export function axisOf({ vary }: ComparedCell["configuration"], axis: string): readonly Datum[] {
  const values = isMapping(vary) ? vary[axis] : undefined;
  return Array.isArray(values) ? (values as readonly Datum[]) : [];
}

/** Whether a value of an axis is the one with a label. A number may be written in more than one way, and its label is as it is written. */
export function hasLabel(value: Datum, label: string | undefined): boolean {
  return labelOf(value, null) === label || value === Number(label);
}

/** What is compared as a person writes it, `0, 0.7, 1`, as values; numbers where they are such. */
export function readValues(text: string): readonly Datum[] {
  const values = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => (/^-?\d+(\.\d+)?$/.test(part) ? Number(part) : part));
  return [...new Set(values)];
}

function modelsOf({ models, model }: ComparedCell["configuration"]): readonly Datum[] {
  if (Array.isArray(models)) return models as readonly Datum[];
  return model === undefined || model === null ? [] : [model];
}

function withoutAxis(path: string, { vary }: ComparedCell["configuration"], axis: string): readonly Operation[] {
  if (!isMapping(vary) || !(axis in vary)) return [];
  return [set(path, Object.keys(vary).length === 1 ? ["vary"] : ["vary", axis], undefined)];
}

const words = ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];

function freeLabel(taken: readonly string[]): string {
  const free = (label: string): boolean => !taken.includes(label);
  return words.find(free) ?? `w${[...taken.keys(), taken.length].find((index) => free(`w${index + 1}`))! + 1}`;
}

function fenceFor(source: string): string {
  const longest = Math.max(2, ...[...source.matchAll(/`+/g)].map(([run]) => run.length));
  return "`".repeat(longest + 1);
}

function set(cell: string, path: readonly string[], value: Datum | undefined): Operation {
  return { type: "set-configuration", cell, path, value };
}
