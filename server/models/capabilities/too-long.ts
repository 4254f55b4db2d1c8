import { ModelError } from "../model-error.ts";
import type { ChatRequest } from "../model.ts";
import { textsOf } from "./fewest-tokens.ts";
import { sayOtherwise } from "./say-otherwise.ts";

/** Whether a request may have more tokens than a model reads: only that is worth counting. */
export function mayBeTooLong(request: Pick<ChatRequest, "messages" | "completion">, most: number): boolean {
  // A token has a byte at least, and a sign three at most.
  return 3 * lengthOf(request) > most;
}

/** The length of a request's texts in signs, with one between them. */
export function lengthOf(request: Pick<ChatRequest, "messages" | "completion">): number {
  return textsOf(request).reduce((sum, text) => sum + text.length + 1, 0);
}

/** That a request has more tokens than a model reads, so many or at least so many. */
export function tooLongError(name: string, tokens: number, most: number, exact: boolean): ModelError {
  return new ModelError(
    "model.context-length",
    `the request has ${exact ? "" : "at least "}${tokens} tokens and ${name} reads at most ${most}`,
    {
      unbilled: true,
      cure: `Shorten the prompt, give fewer examples, or choose a model with a longer context. ${sayOtherwise}`,
    },
  );
}
