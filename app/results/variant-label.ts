import type { Coordinates } from "#server/notebook/address.ts";

/** A variant in words: `small · 5 shots`; empty where there is only one. `axes` says the order; a row of a sheet is no part of it. */
export function variantLabel(at: Coordinates, axes: readonly string[] = Object.keys(at)): string {
  return labelParts(at, axes).join(" · ");
}

/** The words of each of its labels, models and wordings first, as they say what answered. */
export function labelParts(at: Coordinates, axes: readonly string[] = Object.keys(at)): readonly string[] {
  const known = axes.filter((axis) => axis in at);
  const names = known.filter((axis) => axis === "model" || axis === "prompt");
  const others = known.filter((axis) => axis !== "model" && axis !== "prompt");
  return [...names, ...others].map((axis) => labelWords(axis, at[axis]!));
}

/** One label of an axis as people say it: a model by its name alone, `5 shots`, `tone formal`. */
export function labelWords(axis: string, label: string): string {
  if (axis === "model" || axis === "prompt") return label;
  const words = axis.replaceAll("_", " ");
  if (/^-?\d+(\.\d+)?$/.test(label) && axis.endsWith("s"))
    return `${label} ${label === "1" ? words.replace(/s$/, "") : words}`;
  if (label === "true") return words;
  if (label === "false") return `no ${words}`;
  return `${words} ${label}`;
}

/** Whether a variant has all the labels that are chosen. */
export function isChosen(at: Coordinates, chosen: Coordinates): boolean {
  return Object.entries(chosen).every(([axis, label]) => !(axis in at) || at[axis] === label);
}
