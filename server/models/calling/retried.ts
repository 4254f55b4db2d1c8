import { ModelError } from "../model-error.ts";
import type { ChatModel, ModelWrapper } from "../model.ts";
import { askedWait } from "./asked-wait.ts";
import { attemptOf } from "./attempt-of.ts";
import { isAnswer } from "./is-answer.ts";
import { hasNoOtherWay, isPatient } from "./is-patient.ts";
import type { RetryBudget } from "./retry-budget.ts";
import type { Timers } from "./timers.ts";

/** How often and how soon a request is sent again; times in milliseconds. */
export interface RetryRules {
  /** Attempts in all: fewer where somebody waits for the answer and can say so again. */
  readonly attempts: { readonly interactive: number; readonly batch: number };
  /** The wait before the second attempt is anything up to this, doubled for each later one, */
  readonly base: number;
  /** up to this. */
  readonly cap: number;
  /** A provider that asks for a longer wait than this is waited for by rows alone, which are patient. */
  readonly longest: number;
}

export const usualRetryRules: RetryRules = {
  attempts: { interactive: 3, batch: 6 },
  base: 500,
  cap: 32_000,
  longest: 60_000,
};

export interface RetrySettings {
  readonly timers: Timers;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly budgetOf: (model: ChatModel) => RetryBudget;
  readonly rules?: RetryRules;
  /** Attempts in all, where they are otherwise than the rules have them. */
  readonly attempts?: ((model: ChatModel) => number | undefined) | undefined;
}

/**
 * Sends a request again where it failed before any text came and may succeed later: after a random part of a time that
 * doubles, and no sooner than the provider asks for. Never after text: what was streamed may be paid for and seen. What it
 * tried is told as parts of the answer.
 * Source of the jitter: Marc Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
 */
export function retried({
  timers,
  random,
  budgetOf,
  rules = usualRetryRules,
  attempts: own,
}: RetrySettings): ModelWrapper {
  return (model) => ({
    ...model,
    async *stream(request, signal) {
      const { sending = {} } = request;
      const most = own?.(model) ?? rules.attempts[sending.priority ?? "interactive"];
      let failedAt: number | undefined;
      for (let attempts = 1; ; attempts += 1) {
        let begun = false;
        try {
          for await (const part of model.stream(request, signal)) {
            begun ||= isAnswer(part);
            yield part;
          }
          budgetOf(model).earn();
          return;
        } catch (thrown) {
          signal.throwIfAborted();
          if (begun || !(thrown instanceof ModelError)) throw thrown;
          // A row that came too soon takes its turn again, as often as it takes: all of its model are held back with it, until one is taken.
          const isHeld = thrown.facts.paced === true && own?.(model) === undefined && hasNoOtherWay(sending);
          if (isHeld) attempts -= 1;
          if (attempts === most) throw thrown;
          failedAt ??= timers.now();
          const since = timers.now() - (thrown.facts.refusedFor ?? timers.now() - failedAt);
          const wait = waitAfter(thrown, attempts, (asked) => isPatient(sending, since, timers.now() + asked));
          // One that waited behind others is no sign of an outage: there are fewer of them from then on.
          const isFree =
            thrown.facts.crowded === true || thrown.facts.paced === true || (attempts === 1 && isLeftAlone(thrown));
          if (wait === null || !(isFree || budgetOf(model).take())) throw thrown;
          yield {
            type: "attempt",
            attempt: attemptOf(thrown, timers.now(), { waited: wait }),
          };
          await timers.sleep(wait, signal);
        }
      }
    },
  });

  /** Whether all requests wait for a long time that the provider names: those that it met in flight, sent again once, multiply nothing. */
  function isLeftAlone({ facts }: ModelError): boolean {
    return (askedWait(facts, timers.now()) ?? 0) > rules.longest;
  }

  /** Null where it is not to be sent again. */
  function waitAfter({ facts }: ModelError, attempts: number, isWaitedFor: (asked: number) => boolean): number | null {
    if (!(facts.shouldRetry ?? facts.retryable)) return null;
    const asked = askedWait(facts, timers.now());
    const isLong = (asked ?? 0) > rules.longest || facts.refusedFor !== undefined;
    if (isLong && !isWaitedFor(asked ?? 0)) return null;
    const jitter = random() * Math.min(rules.cap, rules.base * 2 ** (attempts - 1));
    // All who were told the same time must not come back at once, nor again and again where that time is next to nothing.
    return asked === undefined || asked < 0 ? jitter : Math.max(jitter, asked + random() * Math.min(1_000, asked / 10));
  }
}
