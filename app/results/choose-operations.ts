import type { Coordinates } from "#server/notebook/address.ts";
import { literalField } from "#server/notebook/expressions-of.ts";
import type { Operation } from "#server/notebook/operation.ts";

/** The edits of the front matter that make a variant the chosen one; a repeat is nothing to choose. */
export function chooseOperations(at: Coordinates): readonly Operation[] {
  return Object.entries(at)
    .filter(([axis]) => axis !== "repeat")
    .map(([axis, label]) => ({ type: "set-front-matter", path: ["choose", axis], value: plainLabel(label) }));
}

/** A label as it is written: a number or a truth value as one, where its text is just that. */
function plainLabel(label: string): string | number | boolean {
  if (label === "true" || label === "false") return label === "true";
  return /^-?\d+(\.\d+)?$/.test(label) && String(Number(label)) === label ? Number(label) : literalField(label);
}
