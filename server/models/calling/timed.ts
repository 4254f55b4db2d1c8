import { ModelError } from "../model-error.ts";
import type { ChatModel, ModelWrapper } from "../model.ts";
import type { Timers } from "./timers.ts";

/** How long to wait for a provider, in milliseconds. */
export interface TimeLimits {
  /** Until the first part of an answer. Models that think without showing it need long. */
  readonly firstPart: number;
  /** Between two parts. */
  readonly idle: number;
  /** For the whole answer. */
  readonly total: number;
}

/** Made once: an error for each call is a stack for each. */
const over = new Error("it is not waited for any more");
const unread = new Error("the answer is not read any more");

export const usualTimeLimits: TimeLimits = { firstPart: 60_000, idle: 30_000, total: 600_000 };

/**
 * Ends an attempt that takes too long with `model.timeout`, and closes its connection. Before the first part it can be tried
 * again; afterwards nobody knows what is paid for.
 */
export function timed(
  timers: Timers,
  limitsOf: (model: ChatModel) => TimeLimits = () => usualTimeLimits,
): ModelWrapper {
  return (model) => ({
    ...model,
    async *stream(request, signal) {
      signal.throwIfAborted();
      const controller = new AbortController();
      const abort = (): void => controller.abort(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      const limits = limitsOf(model);
      const watch = watchdog(timers, limits, (limit, begun) => {
        const error = tooLate(model.name, limit, limits[limit], begun);
        controller.abort(error);
        return error;
      });
      const parts = model.stream(request, controller.signal)[Symbol.asyncIterator]();
      let isRead = false;
      try {
        for (;;) {
          const next = await watch.within(parts.next());
          isRead = next.done === true;
          if (next.done === true) return;
          if (next.value.type !== "head") watch.begun();
          yield next.value;
        }
      } finally {
        watch.end();
        signal.removeEventListener("abort", abort);
        if (!isRead) {
          // A model that does not come to its end when it is aborted must not hold up the caller.
          void Promise.resolve(parts.return?.()).catch(() => undefined);
          controller.abort(unread);
        }
      }
    },
  });
}

interface Watchdog {
  /** The promise, or the error of the limit that was reached before it. */
  within<Value>(next: Promise<Value>): Promise<Value>;
  /** Says that a part came. */
  begun(): void;
  end(): void;
}

/** One timer for all the parts of an answer: it is set anew when it goes off too early, and where a limit comes nearer. */
function watchdog(
  timers: Timers,
  limits: TimeLimits,
  late: (limit: keyof TimeLimits, begun: boolean) => Error,
): Watchdog {
  const end = timers.now() + limits.total;
  let begun = false;
  let due = timers.now() + limits.firstPart;
  let fail: ((error: Error) => void) | undefined;
  let expired: Error | undefined;
  let sleeping = new AbortController();
  const watch = async (): Promise<void> => {
    for (;;) {
      const until = Math.min(due, end);
      const left = until - timers.now();
      if (left <= 0) {
        expired = late(end < due ? "total" : begun ? "idle" : "firstPart", begun);
        fail?.(expired);
        return;
      }
      await timers.sleep(left, sleeping.signal);
    }
  };
  const start = (): void => {
    sleeping.abort(over);
    sleeping = new AbortController();
    // It ends with its sleep.
    watch().catch(() => undefined);
  };
  start();
  return {
    within: (next) =>
      new Promise((resolve, reject) => {
        fail = reject;
        if (expired !== undefined) reject(expired);
        next.then(resolve, reject);
      }),
    begun() {
      const earlier = timers.now() + limits.idle < due;
      due = timers.now() + limits.idle;
      begun = true;
      if (earlier) start();
    },
    end: () => sleeping.abort(over),
  };
}

const limitWords = {
  firstPart: "did not begin to answer within",
  idle: "said nothing for",
  total: "did not come to an end within",
} as const;

function tooLate(name: string, limit: keyof TimeLimits, milliseconds: number, begun: boolean): ModelError {
  return new ModelError("model.timeout", `${name} ${limitWords[limit]} ${milliseconds / 1_000} s`, {
    retryable: !begun,
    cure: begun
      ? "Run it again; the text that came is kept, marked partial."
      : "Run it again later, with a smaller request, or with another model, or give it more time in endpoints.yaml.",
  });
}
