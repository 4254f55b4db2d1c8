/**
 * Tasks by key, each run once at a time: who asks for one that runs shares it and its progress. A caller that aborts leaves;
 * the task is aborted when the last one has left.
 */
export function sharedTasks<Result, Progress>() {
  interface Running {
    readonly abort: AbortController;
    readonly result: Promise<Result>;
    readonly listeners: Set<(progress: Progress) => void>;
    callers: number;
  }
  const running = new Map<string, Running>();

  function start(
    key: string,
    task: (signal: AbortSignal, report: (progress: Progress) => void) => Promise<Result>,
  ): Running {
    const abort = new AbortController();
    const listeners = new Set<(progress: Progress) => void>();
    const entry: Running = {
      abort,
      listeners,
      callers: 0,
      result: task(abort.signal, (progress) => listeners.forEach((listener) => listener(progress))),
    };
    const forget = (): void => void (running.get(key) === entry && running.delete(key));
    entry.result.then(forget, forget);
    running.set(key, entry);
    return entry;
  }

  return {
    async run(
      key: string,
      task: (signal: AbortSignal, report: (progress: Progress) => void) => Promise<Result>,
      signal?: AbortSignal,
      onProgress?: (progress: Progress) => void,
    ): Promise<Result> {
      signal?.throwIfAborted();
      const entry = running.get(key) ?? start(key, task);
      const listener = (progress: Progress): void => onProgress?.(progress);
      entry.callers += 1;
      entry.listeners.add(listener);
      const left = Promise.withResolvers<never>();
      const onAbort = (): void => left.reject(signal?.reason);
      signal?.addEventListener("abort", onAbort, { once: true });
      try {
        return await Promise.race([entry.result, left.promise]);
      } finally {
        signal?.removeEventListener("abort", onAbort);
        entry.listeners.delete(listener);
        entry.callers -= 1;
        if (entry.callers === 0 && signal?.aborted === true) {
          if (running.get(key) === entry) running.delete(key);
          entry.abort.abort(signal.reason);
        }
      }
    },
  };
}
