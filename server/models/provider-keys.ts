import type { ChatModel } from "./model.ts";

/** The keys of an account: one, or several with commas or blanks between them, which then take turns. Empty where there is none. */
export function keysIn(text: string | undefined): readonly string[] {
  return (text ?? "").split(/[\s,]+/).filter((key) => key !== "");
}

/** A model with each of an account's keys: itself where there is one, or none, which its `ready` says. */
export function withKeys(keys: readonly string[], make: (key: string | undefined) => ChatModel): ChatModel {
  const model = make(keys[0]);
  return keys.length < 2 ? model : { ...model, keys: keys.map((key) => make(key)) };
}
