import type { ProviderLimits, Sending } from "../model.ts";
import { createFairQueue } from "./fair-queue.ts";
import { createSlidingWindow } from "./sliding-window.ts";
import type { Timers } from "./timers.ts";

/** Tokens of a request: what goes in, and what may come out. */
export interface TokenCount {
  readonly input: number;
  readonly output: number;
}

/** Keeps requests and tokens of one key and model within a provider's bounds a minute. */
export interface RateLimiter {
  /** Resolves when the request may go, with what corrects its tokens when they are known; null where it was not sent. */
  admit(
    tokens: TokenCount,
    sending: Sending | undefined,
    signal: AbortSignal,
  ): Promise<(tokens: TokenCount | null) => void>;
  /** Takes what a provider says of its bounds. */
  learn(limits: ProviderLimits): void;
  /** Lets nothing go before this time, milliseconds since 1970. */
  holdUntil(time: number): void;
}

/** Bounds a minute, where the settings have them: a provider says its own with its first answer. */
export interface RateLimits {
  readonly requests?: number;
  readonly tokens?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

export function createRateLimiter(timers: Timers, limits: RateLimits = {}): RateLimiter {
  const windows = [
    { name: "requests", window: createSlidingWindow(limits.requests), of: () => 1 },
    { name: "tokens", window: createSlidingWindow(limits.tokens), of: sum },
    { name: "inputTokens", window: createSlidingWindow(limits.inputTokens), of: ({ input }: TokenCount) => input },
    { name: "outputTokens", window: createSlidingWindow(limits.outputTokens), of: ({ output }: TokenCount) => output },
  ] as const;
  const queue = createFairQueue();
  let heldUntil = 0;
  /** The request that is first in the line and waits for room, and how it is woken. */
  let first: { readonly isBatch: boolean; wake: AbortController } | null = null;

  const wait = (tokens: TokenCount): number => {
    const now = timers.now();
    return Math.max(heldUntil - now, ...windows.map(({ window, of }) => window.wait(of(tokens), now)));
  };

  const passOn = (): void => {
    first = null;
    queue.next();
  };

  return {
    async admit(tokens, sending, signal) {
      signal.throwIfAborted();
      const isBatch = sending?.priority === "batch";
      // A person's request goes before the row that waits for room.
      if (!isBatch && first?.isBatch) first.wake.abort();
      if (first !== null || queue.length > 0) await queue.wait(sending, signal);
      const self = { isBatch, wake: new AbortController() };
      first = self;
      try {
        for (let milliseconds = wait(tokens); milliseconds > 0; milliseconds = wait(tokens)) {
          await timers
            .sleep(milliseconds, AbortSignal.any([signal, self.wake.signal]))
            .catch(() => signal.throwIfAborted());
          if (!self.wake.signal.aborted) continue;
          self.wake = new AbortController();
          if (!isBatch) continue;
          const turn = queue.wait(sending, signal);
          passOn();
          await turn;
          first = self;
        }
        const now = timers.now();
        const settled = windows.map(({ window, of }) => ({ settle: window.use(of(tokens), now), of }));
        return (actual) => {
          for (const { settle, of } of settled) settle(actual === null ? 0 : of(actual));
          // There may be room now.
          if (first !== null && first !== self) first.wake.abort();
        };
      } finally {
        if (first === self) passOn();
      }
    },
    learn(said) {
      for (const { name, window } of windows) if (said[name] !== undefined) window.learn(said[name], timers.now());
    },
    holdUntil(time) {
      heldUntil = Math.max(heldUntil, time);
    },
  };
}

function sum({ input, output }: TokenCount): number {
  return input + output;
}
