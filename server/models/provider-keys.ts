import { hash } from "node:crypto";
import { createKeyFilter } from "./key-filter.ts";
import type { ChatModel, EmbeddingModel } from "./model.ts";

/** The keys of an account: one, or several with commas or blanks between them, which then take turns. Empty where there is none. */
export function keysIn(text: string | undefined): readonly string[] {
  return (text ?? "").split(/[\s,]+/).filter((key) => key !== "");
}

/** A model with each of an account's keys: itself where there is one, or none, which its `ready` says. */
export function withKeys<Model extends ChatModel | EmbeddingModel>(
  keys: readonly string[],
  make: (key: string | undefined) => Model,
): Model {
  const withoutKeys = createKeyFilter(keys);
  const keyed = (key: string | undefined): Model =>
    key === undefined ? make(key) : Object.assign(make(key), { keyHash: hash("sha256", key), withoutKeys });
  const model = keyed(keys[0]);
  return keys.length < 2 ? model : Object.assign(model, { keys: keys.map(keyed) });
}
