import { ModelError } from "../model-error.ts";
import type { ChatModel } from "../model.ts";
import { askedWait } from "./asked-wait.ts";
import { attemptOf } from "./attempt-of.ts";
import { isAnswer } from "./is-answer.ts";
import type { Timers } from "./timers.ts";

/** Errors that another key may not have, and the milliseconds for which a key that had it is left alone. */
const rests: { readonly [code: string]: number } = {
  "model.unauthorized": 600_000,
  "model.forbidden": 600_000,
  "model.quota": 600_000,
  "model.rate-limited": 10_000,
  "model.circuit-open": 5_000,
};

/**
 * One model of the same model with several keys, in the keys' order: each request takes the next key. A key that is refused
 * or at its limit rests, and before any text came its request goes on with another; the stream says which. `keys` has one or more.
 */
export function rotated(keys: readonly ChatModel[], { now }: Pick<Timers, "now">): ChatModel {
  const [first] = keys;
  if (keys.length === 1) return first!;
  const restsUntil = keys.map(() => 0);
  let turn = 0;
  return {
    ...first!,
    async *stream(request, signal) {
      const tried = new Set<number>();
      for (;;) {
        const index = nextKey(tried);
        tried.add(index);
        let begun = false;
        const hasOther = tried.size < keys.length || request.sending?.hasOther === true;
        try {
          yield { type: "key", number: index + 1 };
          for await (const part of keys[index]!.stream(
            { ...request, sending: { ...request.sending, hasOther } },
            signal,
          )) {
            begun ||= isAnswer(part);
            yield part;
          }
          return;
        } catch (thrown) {
          const rest = thrown instanceof ModelError ? rests[thrown.code] : undefined;
          if (signal.aborted || begun || rest === undefined) throw thrown;
          const error = thrown as ModelError;
          restsUntil[index] = Math.max(restsUntil[index]!, now() + Math.max(rest, askedWait(error.facts, now()) ?? 0));
          if (tried.size === keys.length) throw thrown;
          yield { type: "attempt", attempt: attemptOf(error, now(), { key: index + 1 }) };
        }
      }
    },
  };

  /** The next that does not rest; where all do, the one that has rested nearly enough. */
  function nextKey(tried: ReadonlySet<number>): number {
    const order = keys.map((_, step) => (turn + step) % keys.length).filter((index) => !tried.has(index));
    turn = (turn + 1) % keys.length;
    const awake = order.find((index) => restsUntil[index]! <= now());
    return awake ?? order.reduce((best, index) => (restsUntil[index]! < restsUntil[best]! ? index : best));
  }
}
