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

/** Thrown to a request that found no room any more when it was to be sent. */
const tooSoon = new Error("it waits for room again");

/**
 * Keeps a model within its provider's bounds a minute: a request waits until there is room for what it is guessed to take,
 * and is counted, from when it is sent, with what it took. The bounds are the provider's, from its answers; one that says to
 * come back later is asked nothing until then, for a minute at most, and then tried with one. It stands outside the line for a place, so that who waits
 * here takes none; one for whom there is no room any more when its turn comes waits here again.
 */
export function rateLimited(paceOf: (model: ChatModel) => Pace, timers: Timers): ModelWrapper {
  return (model) => ({
    ...model,
    async *stream(request, signal) {
      const { limiter, guess } = paceOf(model);
      const { sending = {} } = request;
      const guessed = guess.of(request);
      for (;;) {
        const room = await limiter.admit(guessed, sending, signal);
        let usage: Usage = {};
        let isSent = false;
        const onSend = async (): Promise<void> => {
          if (!room.take()) throw tooSoon;
          await sending.onSend?.();
          isSent = true;
        };
        try {
          for await (const part of model.stream({ ...request, sending: { ...sending, onSend } }, signal)) {
            room.isTaken();
            if (part.type === "head" && part.limits !== undefined) limiter.learn(part.limits);
            if (part.type === "usage" || part.type === "finish") usage = part.usage;
            yield part;
          }
          guess.learn(request, usage);
          return;
        } catch (thrown) {
          if (thrown === tooSoon) continue;
          if (isSent && thrown instanceof ModelError) {
            const { limits, unbilled } = thrown.facts;
            if (limits !== undefined) limiter.learn(limits);
            // What is refused takes no tokens; that it was asked counts.
            if (unbilled) usage = { input: 0, output: 0 };
            const asked = askedWait(thrown.facts, timers.now());
            if (thrown.code !== "model.rate-limited") room.isTaken();
            else {
              const refusedFor = limiter.refused(asked);
              throw thrown.with(refusedFor === null ? { paced: true } : { refusedFor });
            }
          }
          throw thrown;
        } finally {
          room.settle(isSent ? { input: usage.input ?? guessed.input, output: usage.output ?? guessed.output } : null);
        }
      }
    },
  });
}
