import type { Timers } from "../timers.ts";

/** A clock that runs so many times as fast as this machine's, and can be set forward. */
export interface QuickClock extends Timers {
  /** Sets it forward by so many milliseconds. What sleeps is not woken by that. */
  skip(milliseconds: number): void;
}

export function quickClock(speed: number): QuickClock {
  const began = Date.now();
  const since = performance.now();
  let skipped = 0;
  return {
    now: () => Math.round(began + (performance.now() - since) * speed) + skipped,
    skip: (milliseconds) => void (skipped += milliseconds),
    sleep: (milliseconds, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const aborted = (): void => {
        clearTimeout(timer);
        reject(signal!.reason as Error);
      };
      if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", aborted);
        resolve();
      }, milliseconds / speed);
      signal?.addEventListener("abort", aborted, { once: true });
      return promise;
    },
  };
}
