import { ModelError } from "../model-error.ts";
import type { ChatModel } from "../model.ts";
import { askedWait } from "./asked-wait.ts";
import { attemptOf } from "./attempt-of.ts";
import { isAnswer } from "./is-answer.ts";
import type { Timers } from "./timers.ts";

/** Errors that another key may not have, and the milliseconds for which a key that had it is left alone. */
const restAfter: { readonly [code: string]: number } = {
  "model.unauthorized": 600_000,
  "model.forbidden": 600_000,
  "model.quota": 600_000,
  "model.rate-limited": 10_000,
  "model.circuit-open": 5_000,
};
/** Those of a key that time alone does not help. */
const refusals: ReadonlySet<string> = new Set(["model.unauthorized", "model.forbidden", "model.quota"]);

/**
 * One model of the same model with several keys, in the keys' order: each request takes the next key. A key that is refused
 * or at its limit rests, and before any text came its request goes on with another; the stream says which. One that was refused is not asked
 * again in the stead of one that need only be waited for. `keys` has one or more.
 */
export function rotated(keys: readonly ChatModel[], { now }: Pick<Timers, "now">): ChatModel {
  const [first] = keys;
  if (keys.length === 1) return first!;
  const rests = keys.map(() => ({ until: 0, isRefused: false }));
  const isRefused = (index: number): boolean => rests[index]!.isRefused && rests[index]!.until > now();
  let turn = 0;
  return {
    ...first!,
    async *stream(request, signal) {
      const failures = new Map<number, ModelError>();
      let index = nextKey(failures)!;
      for (;;) {
        let begun = false;
        const isOther = (_: ChatModel, other: number): boolean =>
          other !== index && !failures.has(other) && !isRefused(other);
        const hasOther = keys.some(isOther) || request.sending?.hasOther === true;
        try {
          yield { type: "key", number: index + 1, hash: keys[index]!.keyHash };
          for await (const part of keys[index]!.stream(
            { ...request, sending: { ...request.sending, hasOther } },
            signal,
          )) {
            begun ||= isAnswer(part);
            yield part;
          }
          return;
        } catch (thrown) {
          const rest = thrown instanceof ModelError ? restAfter[thrown.code] : undefined;
          if (signal.aborted || begun || rest === undefined) throw thrown;
          const error = thrown as ModelError;
          failures.set(index, error);
          const until = now() + Math.max(rest, askedWait(error.facts, now()) ?? 0);
          if (until >= rests[index]!.until) rests[index] = { until, isRefused: refusals.has(error.code) };
          const next = nextKey(failures);
          if (next === null) throw mostHopeful([...failures.values()]);
          yield { type: "attempt", attempt: attemptOf(error, now(), { key: index + 1 }) };
          index = next;
        }
      }
    },
  };

  /** The next that does not rest; where all do, the one that has rested nearly enough. Null where none is left that is worth asking. */
  function nextKey(tried: ReadonlyMap<number, unknown>): number | null {
    const allRefused = keys.every((_, index) => isRefused(index));
    const order = keys
      .map((_, step) => (turn + step) % keys.length)
      .filter((index) => !tried.has(index) && (allRefused || !isRefused(index)));
    if (order.length === 0) return null;
    const awake = order.find((index) => rests[index]!.until <= now());
    const next = awake ?? order.reduce((best, index) => (rests[index]!.until < rests[best]!.until ? index : best));
    // By the key that is taken: the turns of one that rests would all be its neighbour's.
    turn = (next + 1) % keys.length;
    return next;
  }
}

/** Of the errors of all keys one that another attempt may mend, or time; otherwise the last one. */
function mostHopeful(errors: readonly ModelError[]): ModelError {
  return (
    errors.find(({ facts }) => facts.retryable) ?? errors.find(({ code }) => !refusals.has(code)) ?? errors.at(-1)!
  );
}
