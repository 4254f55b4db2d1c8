import type { Usage } from "#server/notebook/services.ts";
import type { ChatRequest } from "../model.ts";
import { requestLength, schemaLength } from "../request-length.ts";
import type { TokenCount } from "./rate-limiter.ts";

/** Guesses the tokens of requests of one model before they are sent, and learns from those that were answered. */
export interface TokenGuess {
  of(request: ChatRequest): TokenCount;
  learn(request: ChatRequest, usage: Usage): void;
}

/** Guesses are a quarter over what was seen on average: too little is refused by a provider, too much only waits. */
const caution = 1.25;
/** How much of the average the newest answer is. */
const weight = 0.1;

export function createTokenGuess(): TokenGuess {
  let tokensPerCharacter = 1 / 3;
  let output: number | null = null;
  return {
    of(request) {
      const most = request.parameters.max_tokens ?? Number.POSITIVE_INFINITY;
      return {
        input: Math.ceil(lengthOf(request) * tokensPerCharacter * caution),
        output: Math.ceil(Math.min(most, output === null ? 500 : output * caution)),
      };
    },
    learn(request, usage) {
      const length = lengthOf(request);
      if (usage.input !== undefined && length > 0)
        tokensPerCharacter += weight * (usage.input / length - tokensPerCharacter);
      if (usage.output !== undefined)
        output = output === null ? usage.output : output + weight * (usage.output - output);
    },
  };
}

/** A schema may be as good as text. */
function lengthOf(request: ChatRequest): number {
  return requestLength(request) + schemaLength(request);
}
