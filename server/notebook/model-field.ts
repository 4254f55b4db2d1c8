import type { CellKind } from "./cell-kind.ts";
import type { Node } from "./graph-node.ts";
import type { FrontMatter } from "./notebook.ts";

/** The key under which cells of a kind name their model: `model` of a prompt, `rerank` of a search. Null for a kind that has none. */
export function modelField(kind: Pick<CellKind, "fields"> | null): string | null {
  return kind?.fields.find(({ control }) => control === "model")?.key ?? null;
}

/** The key under which cells of a kind name the model that embeds; null for a kind that has none. */
export function embeddingField(kind: Pick<CellKind, "fields"> | null): "embedding" | null {
  return kind?.fields.some(({ key }) => key === "embedding") === true ? "embedding" : null;
}

/** The full name of a model that is named by a short name of the front matter, or by its full name. */
export function fullName(named: string, front: Pick<FrontMatter, "models">): string {
  return Object.hasOwn(front.models, named) ? (front.models[named]!.model ?? named) : named;
}

/** Whether a node may call a model: a prompt does, a search where it names one. That one may turn out to embed only. */
export function mayCall({ kind, wordings }: Pick<Node, "kind" | "wordings">): boolean {
  if (kind === null) return false;
  if (kind.calls !== undefined) return true;
  const field = modelField(kind);
  return kind.planBatch !== undefined && field !== null && isSet(wordings[0]!.configuration.values[field]);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}
