import { ModelError } from "../../model-error.ts";
import type { ChatModel, ChatRequest } from "../../model.ts";
import type { Timers } from "../timers.ts";

/** How a provider cuts its minutes. */
export type Counting = "any minute" | "fixed minutes" | "a bucket that fills";

export interface LimitedProvider extends ChatModel {
  /** When each request came in, with its tokens, and how many were refused. */
  readonly taken: { readonly at: number; readonly tokens: number }[];
  refused: number;
}

interface Bounds {
  readonly requests: number;
  readonly tokens: number;
}

/**
 * A provider that refuses what is over its bounds a minute, with requests that are on their way for up to a second. The tokens
 * of a request are its characters / 4 and the number its message begins with, counted when it comes in.
 */
export function limitedProvider(
  counting: Counting,
  bounds: Bounds,
  time: Timers,
  random: () => number,
  options: { readonly saysBounds?: boolean; readonly retryAfter?: number } = {},
): LimitedProvider {
  const taken: { at: number; tokens: number }[] = [];
  const room = roomOf(counting, bounds, taken);
  const provider: LimitedProvider = {
    name: "sim/model",
    identity: { provider: "sim" },
    effect: "paid",
    taken,
    refused: 0,
    async *stream(request, signal) {
      await time.sleep(50 + random() * 900, signal);
      const { input, output } = tokensOf(request);
      const now = time.now();
      const left = room(now);
      const limits = {
        requests: { limit: bounds.requests, remaining: Math.max(0, Math.floor(left.requests) - 1) },
        tokens: { limit: bounds.tokens, remaining: Math.max(0, Math.floor(left.tokens) - input - output) },
      };
      if (left.requests < 1 || left.tokens < input + output) {
        provider.refused += 1;
        const { retryAfter } = options;
        throw new ModelError("model.rate-limited", "too many", {
          status: 429,
          retryable: true,
          unbilled: true,
          ...(retryAfter === undefined ? {} : { retryAfter }),
        });
      }
      taken.push({ at: now, tokens: input + output });
      if (options.saysBounds) yield { type: "limits", limits };
      await time.sleep(200 + random() * 2_000, signal);
      yield { type: "text", text: "ok" };
      yield { type: "finish", reason: "stop", usage: { input, output } };
    },
  };
  return provider;
}

function tokensOf({ messages }: ChatRequest): { input: number; output: number } {
  const [{ content } = { content: "" }] = messages;
  return { input: Math.ceil(content.length / 4), output: Number.parseInt(content, 10) };
}

/** How much is left at a time. */
function roomOf(
  counting: Counting,
  bounds: Bounds,
  taken: readonly { readonly at: number; readonly tokens: number }[],
): (now: number) => Bounds {
  const since = (from: number): Bounds => {
    let [requests, tokens] = [bounds.requests, bounds.tokens];
    for (let index = taken.length - 1; index >= 0 && taken[index]!.at > from; index -= 1) {
      requests -= 1;
      tokens -= taken[index]!.tokens;
    }
    return { requests, tokens };
  };
  if (counting === "any minute") return (now) => since(now - 60_000);
  if (counting === "fixed minutes") return (now) => since(Math.floor(now / 60_000) * 60_000 - 1);
  let bucket = { ...bounds, at: 0, seen: 0 };
  return (now) => {
    const filled = bucket.at === 0 ? 0 : (now - bucket.at) / 60_000;
    let requests = bucket.requests;
    let tokens = bucket.tokens;
    for (const call of taken.slice(bucket.seen)) {
      requests -= 1;
      tokens -= call.tokens;
    }
    requests = Math.min(bounds.requests, requests + filled * bounds.requests);
    tokens = Math.min(bounds.tokens, tokens + filled * bounds.tokens);
    bucket = { requests, tokens, at: now, seen: taken.length };
    return { requests, tokens };
  };
}
