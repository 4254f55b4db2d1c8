import { setTimeout as sleep } from "node:timers/promises";

/** Time as what waits for providers sees it: passed in, so that an hour of calls is tested in a second. */
export interface Timers {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after so many milliseconds; rejects with the signal's reason where it is aborted before. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** The timers of this machine. Those that only wait do not keep the process alive. */
export function systemTimers(now: () => number = Date.now): Timers {
  return {
    now,
    async sleep(milliseconds, signal) {
      try {
        await sleep(milliseconds, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) });
      } catch (thrown) {
        signal?.throwIfAborted();
        throw thrown;
      }
    },
  };
}
