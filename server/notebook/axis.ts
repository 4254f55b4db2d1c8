import { isMapping } from "./is-mapping.ts";
import { toJson } from "./to-json.ts";
import type { Coordinates } from "./address.ts";
import type { Cell } from "./notebook.ts";
import type { Datum } from "./value.ts";

/** A dimension along which a cell's results differ: a name and its labels, each with the value it stands for. */
export interface Axis {
  readonly name: string;
  /** Labels as their source text, unique. */
  readonly labels: readonly string[];
  /** What `vary.NAME` is at each label. */
  readonly values: readonly Datum[];
  /** The cell that declares it. */
  readonly cell: string;
}

/** An axis that could not be read, with the field it stands in. */
export interface AxisProblem {
  readonly field: string;
  readonly message: string;
  readonly cure: string;
}

/** The dimension that `repeat: n` declares. */
export const repeatAxis = "repeat";
/** The axis of `models:`, and the one of wordings `name.label`. */
export const modelAxis = "model";
export const promptAxis = "prompt";

/** The axes a cell declares itself: `models`, `vary`, its wordings' labels, `repeat`, in that order. `text` is the file's. */
export function ownAxes(
  wordings: readonly Cell[],
  text: string,
): { axes: readonly Axis[]; problems: readonly AxisProblem[] } {
  const cell = wordings[0]!;
  const { values: fields } = cell.configuration;
  const axes: Axis[] = [];
  const problems: AxisProblem[] = [];
  const add = (field: string, name: string, list: Datum | undefined): void => {
    if (!Array.isArray(list) || list.length === 0) {
      problems.push({
        field,
        message: `the axis \`${name}\` has no list of labels`,
        cure: `Write them out: \`${name}: [a, b]\`.`,
      });
      return;
    }
    if (axes.some((axis) => axis.name === name)) {
      problems.push({
        field,
        message: `the axis \`${name}\` is declared twice`,
        cure: "Give one of them another name.",
      });
      return;
    }
    const labels = list.map((value: Datum, index) => labelOf(value, sourceText(cell, text, `${field}.${index}`)));
    const double = labels.find((label, index) => labels.indexOf(label) !== index);
    if (double !== undefined) {
      problems.push({
        field,
        message: `the axis \`${name}\` has the label ${double} twice`,
        cure: "Labels tell variants apart: remove one.",
      });
      return;
    }
    axes.push({ name, labels, values: list, cell: cell.name });
  };

  if (fields["models"] !== undefined) add("models", modelAxis, fields["models"]);
  const vary = fields["vary"];
  if (vary !== undefined) {
    if (!isMapping(vary)) {
      problems.push({
        field: "vary",
        message: "`vary` is no mapping",
        cure: "Write `vary: { tone: [formal, plain] }`.",
      });
    } else {
      for (const [name, list] of Object.entries(vary)) add(`vary.${name}`, name, list as Datum);
    }
  }
  const labels = wordings.flatMap(({ label }) => label ?? []);
  // A plain cell beside wordings of its name is a mistake, and no label.
  if (labels.length === wordings.length) {
    axes.push({ name: promptAxis, labels, values: labels, cell: cell.name });
  }
  const repeat = fields["repeat"];
  if (repeat !== undefined) {
    if (typeof repeat !== "number" || !Number.isInteger(repeat) || repeat < 1 || repeat > 1000) {
      problems.push({
        field: "repeat",
        message: `\`repeat\` is ${String(repeat)}`,
        cure: "Give a whole number from 1 to 1,000.",
      });
    } else {
      const numbers = Array.from({ length: repeat }, (_, index) => index + 1);
      axes.push({ name: repeatAxis, labels: numbers.map(String), values: numbers, cell: cell.name });
    }
  }
  return { axes, problems };
}

/** A label is its source text for numbers and the like (`0.10`), the text itself for strings, the model's name for a model with parameters. */
export function labelOf(value: Datum, source: string | null): string {
  if (typeof value === "string") return value;
  if (isMapping(value)) {
    const { label, model } = value;
    if (typeof label === "string") return label;
    if (typeof model === "string") return model;
  }
  return source ?? (typeof value === "object" ? toJson(value) : String(value));
}

function sourceText(cell: Cell, text: string, path: string): string | null {
  const { positions } = cell.configuration;
  const position = positions[path];
  // What an expression came to has no text in the file.
  return position === undefined || positions[`computed:${path}`] !== undefined
    ? null
    : text.slice(position.offset, position.offset + position.length).trim();
}

/** Two axes fit where their labels are the same, in any order. */
export function axesFit(left: Axis, right: Axis): boolean {
  return left.labels.length === right.labels.length && left.labels.every((label) => right.labels.includes(label));
}

/** Every combination of labels, the last axis fastest; one empty combination where there is no axis. */
export function variantsOf(axes: readonly Pick<Axis, "name" | "labels">[]): readonly Coordinates[] {
  let variants: Coordinates[] = [{}];
  for (const axis of axes) {
    variants = variants.flatMap((at) => axis.labels.map((label) => ({ ...at, [axis.name]: label })));
  }
  return variants;
}

/** Whether a variant has all of these labels. */
export function isAt(variant: Coordinates, labels: Coordinates): boolean {
  return Object.entries(labels).every(([axis, label]) => variant[axis] === label);
}

/** Whether a variant has all of those labels of `at` that are of its own axes. */
export function agreesWith(variant: Coordinates, at: Coordinates): boolean {
  return Object.entries(variant).every(([axis, label]) => (at[axis] ?? label) === label);
}

/** The coordinates of `at` on the given axes only. */
export function project(at: Coordinates, axes: readonly Axis[]): Coordinates {
  const projected: { [axis: string]: string } = {};
  for (const { name } of axes) {
    const label = at[name];
    if (label !== undefined) projected[name] = label;
  }
  return projected;
}

/** The value of each axis at its label in `at`. */
export function labelValues(at: Coordinates, axes: readonly Axis[]): { readonly [axis: string]: Datum } {
  const values: { [axis: string]: Datum } = {};
  for (const axis of axes) values[axis.name] = axis.values[axis.labels.indexOf(at[axis.name]!)] ?? null;
  return values;
}

/** The variant shown where one is wanted: what `choose` says of each axis, else its first label. A choice of an unknown label counts as none. */
export function chosenVariant(axes: readonly Axis[], choose: { readonly [axis: string]: string }): Coordinates {
  return Object.fromEntries(
    axes.map(({ name, labels }) => {
      const chosen = choose[name];
      return [name, chosen !== undefined && labels.includes(chosen) ? chosen : labels[0]!];
    }),
  );
}
