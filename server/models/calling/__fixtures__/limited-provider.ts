import { ModelError } from "../../model-error.ts";
import type { ChatModel, ChatRequest } from "../../model.ts";
import type { Timers } from "../timers.ts";

/** How a provider cuts its minutes. */
export type Counting = "any minute" | "fixed minutes" | "a bucket that fills";

export interface LimitedProvider extends ChatModel {
  /** When each request came in, with its tokens, and how many were refused. */
  readonly taken: readonly Taken[];
  refused: number;
}

/** So much a minute, of each kind that is bounded. */
export type Bounds = { readonly [Kind in BoundKind]?: number };
export type BoundKind = "requests" | "tokens" | "inputTokens" | "outputTokens";
export type Taken = { readonly at: number } & { readonly [Kind in BoundKind]: number };

const kinds: readonly BoundKind[] = ["requests", "tokens", "inputTokens", "outputTokens"];

/**
 * A provider that refuses what is over its bounds a minute, with requests that are on their way for up to a second. The tokens
 * of a request are its characters / 4 and the number its message begins with, counted when it comes in. Where tokens out have a bound of
 * their own, as at Anthropic, nobody knows beforehand how many there will be: a request is refused where there are none left.
 */
export function limitedProvider(
  counting: Counting,
  bounds: Bounds,
  time: Timers,
  random: () => number,
  options: { readonly saysBounds?: boolean; readonly retryAfter?: number } = {},
): LimitedProvider {
  const taken: Taken[] = [];
  const bounded = kinds.filter((kind) => bounds[kind] !== undefined);
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
      const takes = { requests: 1, tokens: input + output, inputTokens: input, outputTokens: output };
      const limits = Object.fromEntries(
        bounded.map((kind) => [kind, { limit: bounds[kind]!, remaining: Math.max(0, Math.floor(left[kind]) - takes[kind]) }]),
      );
      if (bounded.some((kind) => left[kind] < (kind === "outputTokens" ? 1 : takes[kind]))) {
        provider.refused += 1;
        const { retryAfter } = options;
        throw new ModelError("model.rate-limited", "too many", {
          status: 429,
          retryable: true,
          unbilled: true,
          ...(retryAfter === undefined ? {} : { retryAfter }),
        });
      }
      taken.push({ at: now, ...takes });
      if (options.saysBounds) yield { type: "head", limits };
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

type Room = { readonly [Kind in BoundKind]: number };

/** How much is left at a time; of what is not bounded, without end. */
function roomOf(counting: Counting, bounds: Bounds, taken: readonly Taken[]): (now: number) => Room {
  const of = (room: (kind: BoundKind) => number): Room => ({
    requests: room("requests"),
    tokens: room("tokens"),
    inputTokens: room("inputTokens"),
    outputTokens: room("outputTokens"),
  });
  const whole = of((kind) => bounds[kind] ?? Number.POSITIVE_INFINITY);
  const less = (room: Room, calls: readonly Taken[]): Room =>
    of((kind) => calls.reduce((left, call) => left - call[kind], room[kind]));
  const since = (from: number): Room => {
    let first = taken.length;
    while (first > 0 && taken[first - 1]!.at > from) first -= 1;
    return less(whole, taken.slice(first));
  };
  if (counting === "any minute") return (now) => since(now - 60_000);
  if (counting === "fixed minutes") return (now) => since(Math.floor(now / 60_000) * 60_000 - 1);
  let bucket = { room: whole, at: 0, seen: 0 };
  return (now) => {
    const filled = bucket.at === 0 ? 0 : (now - bucket.at) / 60_000;
    const used = less(bucket.room, taken.slice(bucket.seen));
    const room = of((kind) => Math.min(whole[kind], used[kind] + filled * whole[kind]));
    bucket = { room, at: now, seen: taken.length };
    return room;
  };
}
