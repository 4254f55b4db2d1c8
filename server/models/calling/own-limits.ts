import type { ChatModel } from "../model.ts";
import type { CallingSettings } from "./create-calling.ts";
import { timeLimitsOf } from "./time-limits.ts";

/** What a workspace says of how the calls of one provider are made; what it does not say is as usual. */
export interface OwnLimits {
  /** Calls in flight at once, from the first one on. */
  readonly concurrency?: number | undefined;
  /** Bounds of each model with each key. */
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  readonly inputTokensPerMinute?: number | undefined;
  readonly outputTokensPerMinute?: number | undefined;
  /** Until an answer begins, between two of its parts, and for all of it. */
  readonly firstPartSeconds?: number | undefined;
  readonly idleSeconds?: number | undefined;
  readonly totalSeconds?: number | undefined;
  /** How often a request is sent at most. */
  readonly attempts?: number | undefined;
}

/** The settings of calls by what a workspace says of each provider, by its first name, now. */
export function ownLimits(
  of: (provider: string) => OwnLimits,
): Required<Pick<CallingSettings, "concurrency" | "rateLimits" | "timeLimits" | "attempts">> {
  const by = ({ name }: ChatModel): OwnLimits => of(name.slice(0, name.indexOf("/")));
  return {
    concurrency: (model) => by(model).concurrency,
    attempts: (model) => by(model).attempts,
    rateLimits: (model) => {
      const { requestsPerMinute, tokensPerMinute, inputTokensPerMinute, outputTokensPerMinute } = by(model);
      return {
        requests: requestsPerMinute,
        tokens: tokensPerMinute,
        inputTokens: inputTokensPerMinute,
        outputTokens: outputTokensPerMinute,
      };
    },
    timeLimits: (model) => {
      const { firstPartSeconds, idleSeconds, totalSeconds } = by(model);
      return timeLimitsOf(model, {
        ...(firstPartSeconds === undefined ? {} : { firstPart: firstPartSeconds * 1_000 }),
        ...(idleSeconds === undefined ? {} : { idle: idleSeconds * 1_000 }),
        ...(totalSeconds === undefined ? {} : { total: totalSeconds * 1_000 }),
      });
    },
  };
}
