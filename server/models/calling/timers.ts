/** Time as what waits for providers sees it: passed in, so that an hour of calls is tested in a second. */
export interface Timers {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after so many milliseconds; rejects with the signal's reason where it is aborted before. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** The timers of this machine. They keep the process alive: a call that waits to be sent has nothing else that does. */
export function systemTimers(now: () => number = Date.now): Timers {
  return {
    now,
    // Not Node's own promise: it makes an error with a stack for each that is aborted, and each call aborts one.
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason as Error);
        const aborted = (): void => {
          clearTimeout(timer);
          reject(signal!.reason as Error);
        };
        const timer = setTimeout(() => {
          signal?.removeEventListener("abort", aborted);
          resolve();
        }, milliseconds);
        signal?.addEventListener("abort", aborted, { once: true });
      }),
  };
}
