import type { Timers } from "../timers.ts";

export interface VirtualTime extends Timers {
  /** Lets time pass: what sleeps wakes in order, each after all that the one before set off has come to rest. */
  pass(milliseconds: number): Promise<void>;
  /** Lets time pass until nothing sleeps, or `done` says so. */
  run(done?: () => boolean): Promise<void>;
}

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

/** Time that passes only when it is told to. It begins at 1,000,000. */
export function virtualTime(): VirtualTime {
  let now = 1_000_000;
  let order = 0;
  /** A binary heap, the next to wake first. */
  const heap: Sleeper[] = [];
  const before = (left: Sleeper, right: Sleeper): boolean =>
    left.at === right.at ? left.order < right.order : left.at < right.at;

  const push = (sleeper: Sleeper): void => {
    let at = heap.push(sleeper) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(heap[at]!, heap[parent]!)) return;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  };

  const pop = (): Sleeper => {
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && before(heap[left]!, heap[least]!)) least = left;
      if (right < heap.length && before(heap[right]!, heap[least]!)) least = right;
      if (least === at) return first;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  };

  const rest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  const passTo = async (end: number, done: () => boolean): Promise<void> => {
    await rest();
    while (heap.length > 0 && heap[0]!.at <= end && !done()) {
      now = Math.max(now, heap[0]!.at);
      while (heap.length > 0 && heap[0]!.at <= now) pop().wake();
      await rest();
    }
    if (Number.isFinite(end) && !done()) now = Math.max(now, end);
  };

  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        let slept = false;
        const abort = (): void => {
          slept = true;
          reject(signal!.reason);
        };
        signal?.addEventListener("abort", abort, { once: true });
        push({
          at: now + Math.max(0, milliseconds),
          order: order++,
          wake: () => {
            signal?.removeEventListener("abort", abort);
            if (!slept) resolve();
          },
        });
      }),
    pass: (milliseconds) => passTo(now + milliseconds, () => false),
    run: (done = () => false) => passTo(Number.POSITIVE_INFINITY, done),
  };
}
