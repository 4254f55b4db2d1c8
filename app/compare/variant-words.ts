import type { Coordinates } from "#server/notebook/address.ts";
import type { NodeView, NotebookView } from "#server/workbench/view.ts";
import { variantLabel } from "~/results/variant-label";
import { valueText } from "~/values/value-summary";

/** What a variant of a prompt is called; the prompt's name where there is only one. */
export function variantName({ axes, name }: NodeView, at: Coordinates): string {
  return (
    variantLabel(
      at,
      axes.map((axis) => axis.name),
    ) || name
  );
}

/** The answer at an address as text; empty where there is none. */
export function answerText({ results }: Pick<NotebookView, "results">, address: string): string {
  const value = results[address]?.value;
  return value == null ? "" : valueText(value);
}
