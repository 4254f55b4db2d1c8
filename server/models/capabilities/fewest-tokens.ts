import type { ChatRequest } from "../model.ts";

/**
 * How many tokens a request has at the very least, whatever the tokenizer: one for each run of signs between white space, which the
 * tokenizers of today's models never join. A text without white space counts as one, so that nothing is said too much.
 */
export function fewestTokens(request: Pick<ChatRequest, "messages" | "completion">): number {
  return textsOf(request).reduce((sum, text) => sum + (text.match(/\S+/g)?.length ?? 0), 0);
}

/** The texts a model reads of a request. */
export function textsOf({ messages, completion }: Pick<ChatRequest, "messages" | "completion">): readonly string[] {
  return completion === undefined ? messages.map(({ content }) => content) : [completion];
}
