import { ModelError } from "../model-error.ts";
import type { ChatModel, ModelWrapper, StreamPart } from "../model.ts";
import { askedWait } from "./asked-wait.ts";
import { usualBreakerRules, type CircuitBreaker, type Pass } from "./circuit-breaker.ts";
import { isPatient } from "./is-patient.ts";
import type { Timers } from "./timers.ts";

/** Failures of a provider and the way to it: not those of a request, nor of one who asks too much. */
export const infrastructureErrors: ReadonlySet<string> = new Set([
  "model.overloaded",
  "model.provider-failed",
  "model.timeout",
  "model.truncated",
  "model.unreachable",
]);

/** What one model is over, and others of its provider need not be: it is not counted, but a demand with it is obeyed. */
export const limitErrors: ReadonlySet<string> = new Set(["model.rate-limited"]);

/** A longer wait than this, in milliseconds, is not slept through: no row is sent until then. */
const longestWait = 60_000;

/** What was answered last, and until when it is or was to be left alone, milliseconds since 1970; 0 where it only failed. */
interface LastSaid {
  readonly words: string;
  readonly until: number;
}

/**
 * Holds requests back from a provider that answers hardly anybody, or asks to be left alone for long: of `errors` those of the
 * infrastructure are counted, and what is demanded with any is obeyed. Those of a batch that have no other way wait until it is tried
 * again, for five minutes of an outage and what is being tried then; the others fail at once with `model.circuit-open`, which says what was wrong last and for how
 * long. Where it is to be left alone for long, one that somebody waits for tries it once a minute nevertheless: the demand may be a mistake, and nothing else would
 * find out. It stands outside all lines, so that who waits here takes nobody's place; one whose turn comes when too many have failed
 * meanwhile is not sent, and waits or fails too.
 */
export function broken(
  breakerOf: (model: ChatModel) => CircuitBreaker,
  { now, sleep }: Timers,
  errors = infrastructureErrors,
): ModelWrapper {
  const lastSaid = new WeakMap<CircuitBreaker, LastSaid>();
  /** Thrown to a request in a line, which does not leave it for the provider: by this breaker and no other it stands in. */
  const tooLate = new ModelError("model.circuit-open", "it is not sent any more", { unbilled: true });
  return (model) => ({
    ...model,
    async *stream(request, signal) {
      const breaker = breakerOf(model);
      const { sending = {} } = request;
      for (;;) {
        const pass = breaker.ask(sending.priority ?? "interactive");
        if (typeof pass === "number") {
          const { since, until } = breaker.outage!;
          if (!isPatient(sending, since, until)) throw heldBack(model.name, pass, lastSaid.get(breaker));
          await sleep(pass, signal);
          continue;
        }
        const onSend = async (): Promise<void> => {
          if (!pass.take()) throw tooLate;
          await sending.onSend?.();
        };
        try {
          yield* told(pass, breaker, model.stream({ ...request, sending: { ...sending, onSend } }, signal), signal);
          return;
        } catch (thrown) {
          if (thrown !== tooLate) throw thrown;
        }
      }
    },
  });

  async function* told(
    pass: Pass,
    breaker: CircuitBreaker,
    parts: AsyncIterable<StreamPart>,
    signal: AbortSignal,
  ): AsyncGenerator<StreamPart, void, undefined> {
    let end: Parameters<Pass["tell"]>[0] = "other";
    try {
      for await (const part of parts) {
        if (part.type === "finish") end = "good";
        yield part;
      }
    } catch (thrown) {
      if (thrown instanceof ModelError && !signal.aborted && errors.has(thrown.code)) {
        if (infrastructureErrors.has(thrown.code) && thrown.facts.crowded !== true) end = "failed";
        const asked = askedWait(thrown.facts, now()) ?? 0;
        let { until = 0 } = lastSaid.get(breaker) ?? {};
        const { retryable, refusedFor } = thrown.facts;
        // What is refused for long without one that is taken is not tried by every row.
        if (refusedFor !== undefined) pass.open(Math.max(asked, usualBreakerRules.pause), refusedFor);
        if (asked > longestWait && retryable) {
          until = Math.max(until, now() + asked);
          pass.open(asked);
        } else if (end === "failed" && until <= now()) until = 0;
        lastSaid.set(breaker, { words: thrown.message, until });
      }
      throw thrown;
    } finally {
      pass.tell(end);
    }
  }
}

function heldBack(name: string, milliseconds: number, said: LastSaid | undefined): ModelError {
  const seconds = Math.ceil(milliseconds / 1_000);
  const { words, until = 0 } = said ?? {};
  const reason =
    until > 0
      ? `it asked to be left alone until ${new Date(until).toISOString().slice(0, 16).replace("T", " ")} UTC`
      : "it failed too often";
  const last = words === undefined ? "" : `; the last answer was: ${words}`;
  return new ModelError("model.circuit-open", `${name} is not asked for ${seconds} s, because ${reason}${last}`, {
    unbilled: true,
    retryAfter: milliseconds,
    cure: "Run what failed again later, or use another model meanwhile.",
  });
}
