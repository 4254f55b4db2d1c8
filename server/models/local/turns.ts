/**
 * One piece of native work at a time. Short pieces (a slice of embeddings) and long ones (an answer) alternate while both
 * wait, so that a query typed by a person is not behind two hundred answers; among themselves they keep their order.
 */
export function createTurns() {
  const waiting = { short: [] as (() => void)[], long: [] as (() => void)[] };
  let busy = false;
  let last: "short" | "long" = "long";

  function next(): void {
    const other = last === "short" ? "long" : "short";
    const queue = waiting[other].length > 0 ? other : last;
    const start = waiting[queue].shift();
    busy = start !== undefined;
    last = queue;
    start?.();
  }

  /** Runs `work` when its turn comes; a caller that aborts while it waits loses its place and nothing is run. */
  return async function turn<Result>(
    length: "short" | "long",
    signal: AbortSignal,
    work: () => Promise<Result>,
  ): Promise<Result> {
    signal.throwIfAborted();
    if (busy)
      await new Promise<void>((resolve, reject) => {
        const start = (): void => {
          signal.removeEventListener("abort", leave);
          resolve();
        };
        const leave = (): void => {
          const place = waiting[length].indexOf(start);
          if (place >= 0) waiting[length].splice(place, 1);
          reject(signal.reason);
        };
        signal.addEventListener("abort", leave, { once: true });
        waiting[length].push(start);
      });
    busy = true;
    try {
      return await work();
    } finally {
      next();
    }
  };
}

export type Turn = ReturnType<typeof createTurns>;
