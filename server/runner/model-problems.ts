import { modelsAsTheyStand } from "#server/models/capabilities/models-as-they-stand.ts";
import { refusalOf } from "#server/models/capabilities/refusal-of.ts";
import { modelKind } from "#server/models/model-kind.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { embeddingField, fullName, modelField } from "#server/notebook/model-field.ts";
import type { Diagnostic, FrontMatter, ModelSetting } from "#server/notebook/notebook.ts";
import { toCellError, type SheafError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";
import { resolveModel } from "./build-item.ts";
import { hasComputedModel, modelsOf } from "./models-of.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";

/**
 * What cells ask of models that are known not to be able to do it, as far as that is told by the text alone: where it stands, before a
 * call. Of a reranker and of a model that embeds also that there is no such model.
 */
export function* modelProblems(
  { graph }: Pick<SessionState, "graph">,
  { models }: Pick<Runtime, "models">,
): Generator<Diagnostic> {
  const modelOf = modelsAsTheyStand((name) => models.chatModel(name));
  // Repeats that are made one value are two nodes of one cell.
  const told = new Set<string>();
  for (const node of graph.nodes.values()) {
    const [cell] = node.wordings;
    const key = modelField(node.kind);
    if (cell === undefined) continue;
    const unknown = embeddingProblem(node, graph.front, models);
    if (unknown !== null && !told.has(`${cell.name} embedding`)) {
      told.add(`${cell.name} embedding`);
      const position = cell.configuration.positions["embedding"] ?? cell.position;
      yield { severity: "warning", ...toCellError(unknown), cell: cell.name, position };
    }
    if (key === null) continue;
    for (const named of modelsOf(node)) {
      const setting = settingOf(named, graph.front);
      const found = setting === null ? null : modelOf(setting.model);
      // That there is no such model a call says: any text may be a label that something else reads.
      const model = found instanceof Error ? null : found;
      const refusal =
        (key === "model" ? null : rerankerProblem(setting, node, models)) ??
        (model === null ? null : refusalOf(askedBy(node, setting!), model));
      if (refusal === null || refusal === "embeds" || told.has(`${cell.name} ${refusal.message}`)) continue;
      told.add(`${cell.name} ${refusal.message}`);
      const { positions } = cell.configuration;
      const place = [...(fieldsOfCode[refusal.code] ?? []), key, "models"].find((field) => field in positions);
      yield {
        severity: "warning",
        ...toCellError(refusal),
        cell: cell.name,
        position: place === undefined ? cell.position : positions[place]!,
      };
    }
  }
}

/** That there is no such model, or that nothing is asked of it but vectors. Any text may be a label that something else reads. */
function rerankerProblem(
  setting: ModelSetting | null,
  node: Node,
  models: Runtime["models"],
): SheafError | "embeds" | null {
  try {
    return setting !== null && modelKind(models, setting.model) === "embedding" ? "embeds" : null;
  } catch (thrown) {
    return hasComputedModel(node) ? null : (thrown as SheafError);
  }
}

/** That no model of this name embeds. What an expression comes to is not known, and by its words alone a search embeds nothing. */
function embeddingProblem({ kind, wordings }: Node, front: FrontMatter, models: Runtime["models"]): SheafError | null {
  if (embeddingField(kind) === null) return null;
  const { embedding, mode } = wordings[0]!.configuration.values;
  if (typeof embedding !== "string" || embedding.startsWith("=") || mode === "keyword") return null;
  try {
    models.embeddingModel(fullName(embedding, front));
    return null;
  } catch (thrown) {
    return thrown as SheafError;
  }
}

/** The fields that ask for what is refused. */
const fieldsOfCode: { readonly [code: string]: readonly string[] } = {
  "model.chat-only": ["completion"],
  "model.no-images": ["images"],
  "model.no-reasoning": ["reasoning_effort"],
};

/** What a prompt asks for whatever its values come to. An image that an expression gives is taken to be one. */
function askedBy(node: Node, setting: ModelSetting): Parameters<typeof refusalOf>[0] {
  const { completion, images, reasoning_effort = setting["reasoning_effort"] } = node.wordings[0]!.configuration.values;
  return {
    messages: [],
    ...(completion === true ? { completion: "" } : {}),
    ...(images === undefined || images === null ? {} : { images: Array.isArray(images) ? images : [images] }),
    parameters: typeof reasoning_effort === "string" ? { reasoning_effort } : {},
  };
}

function settingOf(named: Datum, front: FrontMatter): ModelSetting | null {
  try {
    return resolveModel(named, front);
  } catch {
    // That it is no model is said where that is found.
    return null;
  }
}
