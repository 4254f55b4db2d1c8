import type { Priority } from "#server/notebook/services.ts";

/** What a piece of native work is: an answer is long, a slice of embeddings short. */
export interface Piece {
  readonly length: "short" | "long";
  readonly priority?: Priority | undefined;
}

/**
 * One piece of native work at a time. Interactive pieces go before batch ones, so that what a person typed waits for the piece that is
 * running and no other; within a priority short and long ones alternate while both wait, and among themselves they keep their order.
 */
export function createTurns() {
  const waiting = {
    interactive: { short: [] as (() => void)[], long: [] as (() => void)[] },
    batch: { short: [] as (() => void)[], long: [] as (() => void)[] },
  };
  let busy = false;
  let last: Piece["length"] = "long";

  function next(): void {
    busy = false;
    const other = last === "short" ? "long" : "short";
    for (const lines of [waiting.interactive, waiting.batch])
      for (const length of [other, last] as const) {
        const start = lines[length].shift();
        if (start === undefined) continue;
        busy = true;
        last = length;
        return start();
      }
  }

  /** Runs `work` when its turn comes; a caller that aborts while it waits loses its place and nothing is run. */
  return async function turn<Result>(
    { length, priority = "interactive" }: Piece,
    signal: AbortSignal,
    work: () => Promise<Result>,
  ): Promise<Result> {
    signal.throwIfAborted();
    const line = waiting[priority][length];
    if (busy)
      await new Promise<void>((resolve, reject) => {
        const start = (): void => {
          signal.removeEventListener("abort", leave);
          resolve();
        };
        const leave = (): void => {
          const place = line.indexOf(start);
          if (place >= 0) line.splice(place, 1);
          reject(signal.reason);
        };
        signal.addEventListener("abort", leave, { once: true });
        line.push(start);
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
