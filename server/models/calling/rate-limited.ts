import type { Usage } from "#server/notebook/services.ts";
import { ModelError } from "../model-error.ts";
import type { ChatModel, ModelWrapper } from "../model.ts";
import { askedWait } from "./asked-wait.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import type { Timers } from "./timers.ts";
import type { TokenGuess } from "./token-guess.ts";

/** What is kept of one model with one key. */
export interface Pace {
  readonly limiter: RateLimiter;
  readonly guess: TokenGuess;
}

/**
 * Keeps a model within its provider's bounds a minute: a request waits until there is room for what it is guessed to take,
 * and is counted with what it took. The bounds are the provider's, from its answers; one that says to come back later is
 * asked nothing until then, for a minute at most.
 */
export function rateLimited(paceOf: (model: ChatModel) => Pace, timers: Timers): ModelWrapper {
  return (model) => ({
    ...model,
    async *stream(request, signal) {
      const { limiter, guess } = paceOf(model);
      const guessed = guess.of(request);
      const settle = await limiter.admit(guessed, request.sending, signal);
      let usage: Usage = {};
      let isSent = true;
      try {
        for await (const part of model.stream(request, signal)) {
          if (part.type === "limits") limiter.learn(part.limits);
          if (part.type === "usage" || part.type === "finish") usage = part.usage;
          yield part;
        }
        guess.learn(request, usage);
      } catch (thrown) {
        if (thrown instanceof ModelError) {
          const { limits, unbilled } = thrown.facts;
          if (limits !== undefined) limiter.learn(limits);
          // It was in the line behind this when it was held back.
          if (thrown.code === "model.circuit-open") isSent = false;
          // What is refused takes no tokens; that it was asked counts.
          if (unbilled) usage = { input: 0, output: 0 };
          const asked = askedWait(thrown.facts, timers.now());
          if (thrown.code === "model.rate-limited" && asked !== undefined)
            limiter.holdUntil(timers.now() + Math.min(asked, 60_000));
        }
        throw thrown;
      } finally {
        settle(isSent ? { input: usage.input ?? guessed.input, output: usage.output ?? guessed.output } : null);
      }
    },
  });
}
