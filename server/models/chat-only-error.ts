import { ModelError } from "./model-error.ts";

/** The error of a request to continue text, for a model that has no way to be asked that. */
export function chatOnlyError(name: string): ModelError {
  return new ModelError("model.chat-only", `${name} answers messages and does not continue text`, {
    unbilled: true,
    cure: "Remove `completion: true` and write messages, or use a base model.",
  });
}
