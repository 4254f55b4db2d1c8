import { modelAxis } from "#server/notebook/axis.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import type { Datum } from "#server/notebook/value.ts";

/** The models a node may call, as its labels and fields name them. An expression may come to any label of its axes. */
export function modelsOf(node: Node): readonly Datum[] {
  const field = node.wordings[0]!.configuration.values["model"];
  if (typeof field === "string" && !field.startsWith("=")) return [field];
  const own = node.ownAxes.find((axis) => axis.name === modelAxis);
  if (field === undefined) return own?.values ?? [];
  return node.axes.flatMap((axis) => axis.values.filter((value) => typeof value === "string"));
}
