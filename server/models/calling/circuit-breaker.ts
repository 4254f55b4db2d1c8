import type { Priority } from "#server/notebook/services.ts";
import type { Timers } from "./timers.ts";

/** Stops asking a provider that answers hardly anybody, and tries it again with one request. */
export interface CircuitBreaker {
  /** A pass where a request may go, otherwise milliseconds until it may ask again: sooner where somebody waits for it. */
  ask(priority: Priority): Pass | number;
  /** Since when it was not closed and until when rows are not sent, milliseconds since 1970; null where it is closed. It is past while one of them tries the provider. */
  readonly outage: { readonly since: number; readonly until: number } | null;
}

/** Leave to send one request. Whoever has it tells how that ended. */
export interface Pass {
  /** Says that it leaves now; false where it may not any more: too many failed while it was in a line. */
  take(): boolean;
  /** Asks nothing for so many milliseconds: what the provider demands is longer than anybody waits, or it has taken nothing for so many already. */
  open(milliseconds: number, already?: number): void;
  tell(end: "good" | "failed" | "other"): void;
}

export interface BreakerRules {
  /** Opens where at least this share, */
  readonly share: number;
  /** of at least so many requests, */
  readonly atLeast: number;
  /** within so many milliseconds failed. */
  readonly within: number;
  /** Opens too where at least so many failed one after another, over so many milliseconds: few are sent where each takes long. */
  readonly inRow: { readonly atLeast: number; readonly over: number };
  /** Milliseconds until it tries one request. */
  readonly pause: number;
  /** The same for one that somebody waits for, where more is demanded, from the last that was sent or refused. */
  readonly pauseAtMost: number;
}

export const usualBreakerRules: BreakerRules = {
  share: 0.5,
  atLeast: 20,
  within: 30_000,
  inRow: { atLeast: 5, over: 60_000 },
  pause: 15_000,
  pauseAtMost: 60_000,
};

/** Milliseconds after which a failure says nothing of the next one. */
const forgotten = 900_000;

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
  let outage: { since: number; until: number } | null = null;
  let probing = false;
  /** When it was last tried, or refused one that was sent before it was known. */
  let triedAt = 0;
  /** Failures since the last good answer. */
  let row = { failed: 0, from: 0, to: 0 };
  /** Counts the outages: what was sent before one says nothing of the time after it. */
  let outages = 0;

  const count = (): { good: number; failed: number } => {
    const part = Math.floor(now() / (rules.within / parts));
    counts = counts.filter((other) => other.part > part - parts);
    const last = counts.at(-1);
    if (last?.part === part) return last;
    const fresh = { part, good: 0, failed: 0 };
    counts.push(fresh);
    return fresh;
  };

  const open = (milliseconds: number): void => {
    if (outage === null) {
      outage = { since: now(), until: 0 };
      outages += 1;
    }
    outage.until = Math.max(outage.until, now() + milliseconds);
    triedAt = now();
  };

  const probe = (): Pass => {
    probing = true;
    return {
      take() {
        triedAt = now();
        return true;
      },
      open,
      tell(end) {
        probing = false;
        if (end === "good") [outage, counts, row.failed] = [null, [], 0];
        else if (end === "failed") open(rules.pause);
      },
    };
  };

  const usual = (): Pass => {
    const outagesThen = outages;
    return {
      take: () => outage === null,
      open(milliseconds, already = 0) {
        open(milliseconds);
        // It was sent before the outage, as others whose demands came sooner: each may be waited for as long as the first.
        outage!.since = now() - already;
      },
      tell(end) {
        if (end === "other" || outages !== outagesThen) return;
        count()[end] += 1;
        if (end === "good") {
          row.failed = 0;
          return;
        }
        const at = now();
        row = { failed: 0, from: at, ...(row.failed > 0 && at - row.to < forgotten && row), to: at };
        row.failed += 1;
        const { inRow } = rules;
        const failed = counts.reduce((sum, part) => sum + part.failed, 0);
        const all = counts.reduce((sum, part) => sum + part.good, failed);
        const isMost = all >= rules.atLeast && failed >= rules.share * all;
        if (isMost || (row.failed >= inRow.atLeast && at - row.from >= inRow.over)) open(rules.pause);
      },
    };
  };

  return {
    ask(priority) {
      if (outage === null) return usual();
      const until = priority === "batch" ? outage.until : Math.min(outage.until, triedAt + rules.pauseAtMost);
      const left = until - now();
      if (left > 0) return left;
      return probing ? probeWait : probe();
    },
    get outage() {
      return outage;
    },
  };
}
