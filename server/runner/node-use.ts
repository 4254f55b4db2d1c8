import { modelKind } from "#server/models/model-kind.ts";
import type { Models } from "#server/models/index.ts";
import type { Effect } from "#server/notebook/cell-kind.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { embeddingField, fullName, mayCall, modelField } from "#server/notebook/model-field.ts";
import type { Cell, FrontMatter } from "#server/notebook/notebook.ts";
import type { ModelKind } from "#server/notebook/services.ts";
import type { Datum } from "#server/notebook/value.ts";
import { resolveModel } from "./build-item.ts";
import { hasComputedModel, modelsOf } from "./models-of.ts";

/** What running a node does by the models it names. */
export interface NodeUse {
  /** The strongest of what its kind and its models do. */
  readonly effect: Effect;
  /** Whether it calls a model: the journal may have its answers, and a grant may bound what they cost. */
  readonly calls: boolean;
  /** Whether it pays for embeddings, which neither of them does. */
  readonly paysToEmbed: boolean;
}

export function nodeUse(node: Node, front: FrontMatter, models: Models): NodeUse {
  const own = node.kind === null ? "pure" : node.kind.effect(withFullName(node, front));
  if (!mayCall(node) || own === "external") return { effect: own, calls: mayCall(node), paysToEmbed: own === "paid" };
  // The model of a prompt answers, whatever else it can do.
  const kindOf =
    modelField(node.kind) === "model" ? (): ModelKind => "chat" : (name: string) => modelKind(models, name);
  const uses = modelsOf(node).flatMap((named) => modelUse(named, front, models, kindOf));
  const answers = uses.filter(({ kind }) => kind === "chat");
  const calls = node.kind!.calls !== undefined || answers.length > 0 || (uses.length === 0 && hasComputedModel(node));
  const paysToEmbed = own === "paid" || uses.some(({ kind, isPaid }) => kind === "embedding" && isPaid);
  const isPaid = paysToEmbed || answers.some((use) => use.isPaid);
  return { effect: isPaid ? "paid" : calls ? "model" : own, calls, paysToEmbed };
}

/** A node's cell with the full name of the model that embeds: by that its kind tells whether it is paid for. */
function withFullName({ kind, wordings }: Node, front: FrontMatter): Pick<Cell, "configuration" | "source"> {
  const [cell] = wordings as readonly [Cell];
  const { configuration, source } = cell;
  const field = embeddingField(kind);
  const named = field === null ? undefined : configuration.values[field];
  if (typeof named !== "string" || !Object.hasOwn(front.models, named)) return cell;
  return {
    source,
    configuration: { ...configuration, values: { ...configuration.values, [field!]: fullName(named, front) } },
  };
}

interface ModelUse {
  readonly kind: ModelKind;
  readonly isPaid: boolean;
}

function modelUse(
  named: Datum,
  front: FrontMatter,
  models: Models,
  kindOf: (name: string) => ModelKind,
): readonly ModelUse[] {
  try {
    const { model, fallback = [] } = resolveModel(named, front);
    const kind = kindOf(model);
    const isPaid =
      kind === "chat"
        ? [model, fallback].flat().some((name) => models.chatModel(String(name)).effect === "paid")
        : models.embeddingModel(model).effect === "paid";
    return [{ kind, isPaid }];
  } catch {
    // A model nobody knows sends nothing: its error is shown when it runs.
    return [];
  }
}
