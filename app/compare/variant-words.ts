import type { Coordinates } from "#server/notebook/address.ts";
import type { NodeView } from "#server/workbench/view.ts";
import { variantLabel } from "~/results/variant-label";

/** What a variant of a prompt is called; the prompt's name where there is only one. */
export function variantName({ axes, name }: NodeView, at: Coordinates): string {
  return (
    variantLabel(
      at,
      axes.map((axis) => axis.name),
    ) || name
  );
}
