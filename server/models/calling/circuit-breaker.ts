import type { Timers } from "./timers.ts";

/** Stops asking a provider that answers hardly anybody, and tries it again with one request. */
export interface CircuitBreaker {
  /** Null where a request may go, otherwise milliseconds until it may. Whoever may go tells how it ended. */
  ask(): number | null;
  tell(end: "good" | "failed" | "other"): void;
  /** Since when it was not closed, milliseconds since 1970; null where it is. */
  readonly openSince: number | null;
  /** Asks nothing for so many milliseconds: what the provider demands is longer than anybody waits. */
  open(milliseconds: number): void;
}

export interface BreakerRules {
  /** Opens where at least this share, */
  readonly share: number;
  /** of at least so many requests, */
  readonly atLeast: number;
  /** within so many milliseconds failed. */
  readonly within: number;
  /** Milliseconds until it tries one request. */
  readonly pause: number;
}

export const usualBreakerRules: BreakerRules = { share: 0.5, atLeast: 20, within: 30_000, pause: 15_000 };

/** Milliseconds after which one that waited for the probe asks again. */
const probeWait = 1_000;
const parts = 10;

/**
 * A breaker that counts in ten parts of its window.
 * Source of the pattern: Michael Nygard, "Release It!", 2nd edition, chapter 5.
 */
export function createCircuitBreaker(
  { now }: Pick<Timers, "now">,
  rules: BreakerRules = usualBreakerRules,
): CircuitBreaker {
  let counts: { readonly part: number; good: number; failed: number }[] = [];
  let openUntil: number | null = null;
  let openSince: number | null = null;
  let probing = false;

  const count = (): { good: number; failed: number } => {
    const part = Math.floor(now() / (rules.within / parts));
    counts = counts.filter((other) => other.part > part - parts);
    const last = counts.at(-1);
    if (last?.part === part) return last;
    const fresh = { part, good: 0, failed: 0 };
    counts.push(fresh);
    return fresh;
  };

  return {
    ask() {
      if (openUntil === null) return null;
      const left = openUntil - now();
      if (left > 0) return left;
      if (probing) return probeWait;
      probing = true;
      return null;
    },
    tell(end) {
      if (probing) {
        probing = false;
        if (end === "good") [openUntil, openSince, counts] = [null, null, []];
        else if (end === "failed") openUntil = now() + rules.pause;
        return;
      }
      if (end === "other") return;
      count()[end] += 1;
      if (end === "good") return;
      const failed = counts.reduce((sum, part) => sum + part.failed, 0);
      const all = counts.reduce((sum, part) => sum + part.good, failed);
      if (openUntil === null && all >= rules.atLeast && failed >= rules.share * all) this.open(rules.pause);
    },
    open(milliseconds) {
      openSince ??= now();
      openUntil = Math.max(openUntil ?? 0, now() + milliseconds);
    },
    get openSince() {
      return openSince;
    },
  };
}
