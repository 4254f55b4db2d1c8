import { ModelError } from "../model-error.ts";
import type { ChatModel, ModelWrapper } from "../model.ts";
import { askedWait } from "./asked-wait.ts";
import { attemptOf } from "./attempt-of.ts";
import { backoff, usualBackoff, type BackoffRules } from "./backoff.ts";
import { isAnswer } from "./is-answer.ts";
import { hasNoOtherWay, isPatient } from "./is-patient.ts";
import type { RetryBudget } from "./retry-budget.ts";
import type { Timers } from "./timers.ts";

/** How often and how soon a request is sent again; times in milliseconds. */
export interface RetryRules extends BackoffRules {
  /** Attempts in all: fewer where somebody waits for the answer and can say so again. */
  readonly attempts: { readonly interactive: number; readonly batch: number };
  /** A provider that asks for a longer wait than this is waited for by rows alone, which are patient. */
  readonly longest: number;
}

export const usualRetryRules: RetryRules = {
  attempts: { interactive: 3, batch: 6 },
  ...usualBackoff,
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
          const now = timers.now();
          const { refusedFor = now - failedAt } = thrown.facts;
          const wait = waitAfter(thrown, attempts, (asked) => isPatient(sending, now - refusedFor, now + asked));
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
    const jitter = backoff(attempts - 1, random, rules);
    // All who were told the same time must not come back at once, nor again and again where that time is next to nothing.
    return asked === undefined || asked < 0 ? jitter : Math.max(jitter, asked + random() * Math.min(1_000, asked / 10));
  }
}
