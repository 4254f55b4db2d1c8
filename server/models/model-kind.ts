import type { ModelKind } from "#server/notebook/services.ts";
import type { Models } from "./index.ts";

/**
 * Whether a model answers messages or embeds texts, by what is known of it: of one that may do either it is taken that it answers.
 * Throws `model.unknown` for a name that no model has.
 */
export function modelKind(models: Pick<Models, "chatModel" | "embeddingModel" | "known">, name: string): ModelKind {
  if (!isFound(() => models.embeddingModel(name))) {
    models.chatModel(name);
    return "chat";
  }
  if (!isFound(() => models.chatModel(name))) return "embedding";
  const { chat, embeddings } = models.known(name).capabilities;
  return embeddings === true && chat !== true ? "embedding" : "chat";
}

/** What a model is told apart from others by, whichever it is. Throws `model.unknown` for a name that no model has. */
export function modelIdentity(models: Pick<Models, "chatModel" | "embeddingModel" | "known">, name: string) {
  return (modelKind(models, name) === "chat" ? models.chatModel(name) : models.embeddingModel(name)).identity;
}

function isFound(find: () => unknown): boolean {
  try {
    find();
    return true;
  } catch {
    // That there is neither is said where one of them is asked for.
    return false;
  }
}
