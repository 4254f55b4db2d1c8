import { defaultEmbedding } from "#server/cells/default-embedding.ts";
import { modelIdentity } from "#server/models/model-kind.ts";
import { modelAxis } from "#server/notebook/axis.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { fullName, modelField } from "#server/notebook/model-field.ts";
import type { Step } from "#server/notebook/plan.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";
import { resolveModel } from "#server/runner/build-item.ts";
import { hasComputedModel, modelsOf } from "#server/runner/models-of.ts";
import type { Prepared } from "#server/runner/prepared.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { ResolvedModel } from "#server/store/store.ts";

/** The models that a notebook's outputs need at the chosen labels, by the names it has for them. Throws `model.unknown`. */
export function resolvedModels(
  { graph, plan }: Prepared,
  models: Runtime["models"],
): { readonly [name: string]: ResolvedModel } {
  const found: { [name: string]: ResolvedModel } = {};
  for (const step of plan.steps) {
    const node = graph.nodes.get(step.node)!;
    const identityOf = (model: string): ResolvedModel["identity"] =>
      modelField(node.kind) === "model" ? models.chatModel(model).identity : modelIdentity(models, model);
    const { named, computed } = namedAt(node, step);
    for (const name of named) {
      const { model } = resolveModel(name, graph.front);
      try {
        found[typeof name === "string" ? name : model] = { model, identity: identityOf(model) };
      } catch (thrown) {
        // A field that is computed may come to any label, and some are no models.
        if (!computed) throw thrown;
      }
    }
    const embedding = embeddingOf(node);
    if (embedding !== null) {
      const model = fullName(embedding, graph.front);
      found[embedding] = { model, identity: models.embeddingModel(model).identity };
    }
  }
  return found;
}

/** Throws `endpoint.model-changed` where a local model is no longer the file a version was published with. */
export function checkModels(version: string, kept: { readonly [name: string]: ResolvedModel }, now: typeof kept): void {
  for (const [name, { model, identity }] of Object.entries(kept)) {
    const { file } = identity;
    if (file === undefined || now[name]?.identity["file"] === file) continue;
    throw new SheafError("endpoint.model-changed", `${model} is another file than when ${version} was published`, {
      cure: "Publish the notebook again, or use the release it was published with.",
    });
  }
}

/** The models a node calls at a step's variants. */
function namedAt(node: Node, { variants }: Step): { readonly named: readonly Datum[]; readonly computed: boolean } {
  const field = modelField(node.kind);
  if (field === null) return { named: [], computed: false };
  const axis = node.ownAxes.find(({ name }) => name === modelAxis);
  if (node.wordings[0]!.configuration.values[field] !== undefined || axis === undefined || field !== "model")
    return { named: modelsOf(node), computed: hasComputedModel(node) };
  const labels = new Set(variants.map((at) => at[modelAxis]!));
  return { named: axis.values.filter((_, index) => labels.has(axis.labels[index]!)), computed: false };
}

function embeddingOf({ kind, wordings }: Node): string | null {
  if (kind?.fields.some(({ key }) => key === "embedding") !== true) return null;
  const { embedding, mode } = wordings[0]!.configuration.values;
  if (typeof embedding === "string") return embedding.startsWith("=") ? null : embedding;
  return kind.kind === "retrieve" && mode !== "keyword" ? defaultEmbedding : null;
}
