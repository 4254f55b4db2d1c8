import type { ProviderLimits, Sending } from "../model.ts";
import { backoff } from "./backoff.ts";
import { createFairQueue } from "./fair-queue.ts";
import { createSlidingWindow, type SlidingWindow } from "./sliding-window.ts";
import type { Timers } from "./timers.ts";

/** Tokens of a request: what goes in, and what may come out. */
export interface TokenCount {
  readonly input: number;
  readonly output: number;
}

/** Keeps requests and tokens of one key and model within a provider's bounds a minute. */
export interface RateLimiter {
  /** Resolves when there is room for the request, which is promised to it. */
  admit(tokens: TokenCount, sending: Sending | undefined, signal: AbortSignal): Promise<PromisedRoom>;
  /** Takes what a provider says of its bounds. */
  learn(limits: ProviderLimits): void;
  /**
   * Takes that a request was refused for coming too soon: nothing goes for the milliseconds `asked`, a minute at most, or a random part of a time that doubles
   * while none is taken, and then one request alone until it is known to be taken. Gives for how many milliseconds none was, where that is too long for a line, and null where it is not.
   */
  refused(asked: number | undefined): number | null;
}

/** Room for a request that may have to wait elsewhere before it is sent. */
export interface PromisedRoom {
  /** Counts the request from now on; false where it may not be sent now: something was learnt since, or a person's request went before. */
  take(): boolean;
  /** Says that the provider does not refuse it for coming too soon: the others that it was to be left alone for may go. */
  isTaken(): void;
  /** Corrects its tokens when they are known; null where it was not sent. */
  settle(tokens: TokenCount | null): void;
}

/** Bounds a minute, where the settings have them: a provider says its own with its first answer, which count where they are less. */
export interface RateLimits {
  readonly requests?: number | undefined;
  readonly tokens?: number | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
}

/** The request that is first in the line. It waits for room until some time, and is woken where there is some before, or a row gives way. */
interface First {
  readonly isBatch: boolean;
  readonly room: () => number;
  until: number;
  givesWay: boolean;
  wake: AbortController;
}

/** A request that was not refused for so many milliseconds is taken: its answer may begin much later. */
const refusedWithin = 10_000;

/** No demand is kept for all for longer, in milliseconds. */
const longest = 60_000;
/** For so many milliseconds all are held back together while none is taken: the limits of a minute are over by then. */
const patience = 120_000;

/** Those who wait see within a second that `limits` are others than before. */
const lookAgain = 1_000;

/** `limits` are those that the settings have now; `random` is from 0 to 1. */
export function createRateLimiter(timers: Timers, random: () => number, limits: () => RateLimits): RateLimiter {
  const windowOf = (name: keyof RateLimits): SlidingWindow =>
    createSlidingWindow(() => limits()[name] ?? Number.POSITIVE_INFINITY);
  const windows = [
    { name: "requests", window: windowOf("requests"), of: ({ requests }: Share) => requests },
    { name: "tokens", window: windowOf("tokens"), of: ({ input, output }: Share) => input + output },
    { name: "inputTokens", window: windowOf("inputTokens"), of: ({ input }: Share) => input },
    { name: "outputTokens", window: windowOf("outputTokens"), of: ({ output }: Share) => output },
  ] as const;
  const queue = createFairQueue();
  const promised = { interactive: nothing, batch: nothing };
  let heldUntil = 0;
  /** The refusals since one was taken: since when, the last, and how many pauses they made. */
  let refusals: { readonly since: number; readonly last: number; readonly pauses: number } | null = null;
  /** Whether nothing was taken since the provider asked to be left alone, and the request that tries it: all others wait for what that meets. */
  let isUntried = false;
  let trying: PromisedRoom | null = null;
  let triedAt = 0;
  let first: First | null = null;

  const wait = (share: Share, beside: Share): number => {
    const now = timers.now();
    if (trying !== null && now - triedAt >= refusedWithin) [isUntried, trying] = [false, null];
    return Math.max(
      heldUntil - now,
      trying === null ? 0 : triedAt + refusedWithin - now,
      ...windows.map(({ window, of }) => window.wait(of(share), now, of(beside))),
    );
  };

  /** Where there is room sooner than the first in the line waits for it. */
  const wake = (): void => {
    if (first !== null && timers.now() + first.room() < first.until) first.wake.abort();
  };

  const passOn = (): void => {
    first = null;
    queue.next();
  };

  const hold = (until: number): void => {
    isUntried = true;
    heldUntil = Math.max(heldUntil, until);
  };

  return {
    async admit(tokens, sending, signal) {
      signal.throwIfAborted();
      const { priority = "interactive" } = sending ?? {};
      const isBatch = priority === "batch";
      const share = { requests: 1, ...tokens };
      // What is promised to rows is no bar to a person's request: they wait again.
      const room = (): number =>
        wait(share, isBatch ? sum(promised.batch, promised.interactive) : promised.interactive);
      // A person's request goes before the row that waits for room.
      if (!isBatch && first?.isBatch) {
        first.givesWay = true;
        first.wake.abort();
      }
      if (first !== null || queue.length > 0) await queue.wait(sending, signal);
      const self: First = { isBatch, room, until: 0, givesWay: false, wake: new AbortController() };
      first = self;
      try {
        for (let milliseconds = room(); milliseconds > 0; milliseconds = room()) {
          self.until = timers.now() + milliseconds;
          await timers
            .sleep(Math.min(milliseconds, lookAgain), AbortSignal.any([signal, self.wake.signal]))
            .catch(() => signal.throwIfAborted());
          if (self.wake.signal.aborted) self.wake = new AbortController();
          if (!self.givesWay) continue;
          self.givesWay = false;
          const turn = queue.wait(sending, signal);
          passOn();
          await turn;
          first = self;
        }
        promised[priority] = sum(promised[priority], share);
        let isPromised = true;
        const giveBack = (): void => {
          if (isPromised) promised[priority] = sum(promised[priority], share, -1);
          isPromised = false;
        };
        let settled: { readonly settle: (amount: number) => void; readonly of: (share: Share) => number }[] = [];
        const promise: PromisedRoom = {
          take() {
            giveBack();
            if (wait(share, nothing) > 0) return false;
            if (isUntried) [trying, triedAt] = [promise, timers.now()];
            settled = windows.map(({ window, of }) => ({ settle: window.use(of(share), timers.now()), of }));
            return true;
          },
          isTaken() {
            refusals = null;
            if (trying !== promise) return;
            [isUntried, trying] = [false, null];
            wake();
          },
          settle(actual) {
            giveBack();
            if (trying === promise) trying = null;
            for (const { settle, of } of settled) settle(actual === null ? 0 : of({ requests: 1, ...actual }));
            wake();
          },
        };
        return promise;
      } finally {
        if (first === self) passOn();
      }
    },
    learn(said) {
      for (const { name, window } of windows) if (said[name] !== undefined) window.learn(said[name], timers.now());
    },
    refused(asked) {
      const now = timers.now();
      const isNew = refusals === null || now - refusals.last > patience;
      let { since, pauses } = isNew ? { since: now, pauses: 0 } : refusals!;
      const isLong = now - since > patience;
      // Those that were in flight together are refused together.
      if (!isLong && now >= heldUntil) hold(now + backoff(pauses++, random));
      hold(now + Math.min(asked ?? 0, longest));
      refusals = { since, last: now, pauses };
      return isLong ? now - since : null;
    },
  };
}

/** What one request or several take of a minute. */
interface Share extends TokenCount {
  readonly requests: number;
}

const nothing: Share = { requests: 0, input: 0, output: 0 };

function sum(one: Share, other: Share, sign = 1): Share {
  return {
    requests: one.requests + sign * other.requests,
    input: one.input + sign * other.input,
    output: one.output + sign * other.output,
  };
}
