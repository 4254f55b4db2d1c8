import { setImmediate as nextTurn } from "node:timers/promises";

/** Writes of one transaction at most: more would not be faster, and what is asked meanwhile would wait longer. */
const writesAtOnce = 1_000;

interface Waiting<Write, Outcome> {
  readonly write: Write;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
}

/** Writes that wait together are committed together. */
export interface GroupCommit<Write, Outcome> {
  /** Adds a write, in order, and resolves when its transaction is committed. */
  write(write: Write): Promise<Outcome>;
  /** Resolves when nothing is waiting. */
  settled(): Promise<void>;
}

/**
 * Commits all that waits as soon as the commit before has returned, without a timer: one write alone waits for nobody, and
 * many share the cost of a commit. `commit` gives each write's outcome in order, an `Error` to refuse one; where it throws, all
 * of its writes fail.
 */
export function groupCommit<Write, Outcome>(
  commit: (writes: readonly Write[]) => Promise<readonly (Outcome | Error)[]>,
): GroupCommit<Write, Outcome> {
  const waiting: Waiting<Write, Outcome>[] = [];
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (true) {
      // One turn of the event loop lets in what has arrived while the last commit kept the thread.
      await nextTurn();
      if (waiting.length === 0) break;
      await commitTogether(waiting.splice(0, writesAtOnce));
    }
    running = undefined;
  }

  async function commitTogether(batch: readonly Waiting<Write, Outcome>[]): Promise<void> {
    try {
      const outcomes = await commit(batch.map(({ write }) => write));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index]!;
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return {
    write: (write) =>
      new Promise((resolve, reject) => {
        waiting.push({ write, resolve, reject });
        running ??= run();
      }),
    settled: async () => running,
  };
}
