import { modelAxis } from "#server/notebook/axis.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { isMapping } from "#server/notebook/is-mapping.ts";
import { modelField } from "#server/notebook/model-field.ts";
import type { Datum } from "#server/notebook/value.ts";

/** The models a node may use, as its labels and fields name them. An expression may come to any label of its axes. */
export function modelsOf(node: Node): readonly Datum[] {
  const key = modelField(node.kind) ?? "model";
  const named = modelIn(node.wordings[0]!.configuration.values[key]);
  if (named === undefined || named === null) {
    const own = key === "model" ? node.ownAxes.find((axis) => axis.name === modelAxis) : undefined;
    return own?.values ?? [];
  }
  if (!isExpression(named)) return [named];
  return node.axes.flatMap((axis) => axis.values.map(modelIn).filter((value) => typeof value === "string"));
}

/** Whether an expression decides which model a node uses. */
export function hasComputedModel({ kind, wordings }: Node): boolean {
  const key = modelField(kind);
  return key !== null && isExpression(modelIn(wordings[0]!.configuration.values[key]));
}

/** The model that a field or a label names: itself, or with settings. */
function modelIn(value: Datum | undefined): Datum | undefined {
  return isMapping(value) ? value["model"] : value;
}

function isExpression(value: Datum | undefined): boolean {
  return typeof value === "string" && value.startsWith("=");
}
