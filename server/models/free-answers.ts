import type { FreeAnswers } from "#server/store/journal.ts";

/** One answer that nothing was sent for. */
export interface FreeAnswer extends Pick<FreeAnswers, "run" | "notebook" | "cell" | "model"> {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What its call cost when it was sent, in US dollars; null where that is not known. */
  readonly cost: number | null;
  readonly input: number;
  readonly output: number;
}

/** Counts answers that came from the journal or from an equal call in flight. */
export interface FreeAnswerCounter {
  add(answer: FreeAnswer): void;
  /** Resolves when all that was added is written. */
  flush(): Promise<void>;
}

/** Milliseconds for which counts are gathered: what a process that is killed may lose of them. */
const gathered = 1_000;

/**
 * Answers that cost nothing, summed by run, cell and model and written once a second: a row for each would make an answer
 * from the journal as slow as one that is sent. What cannot be written is kept and written with the next.
 */
export function createFreeAnswerCounter(write: (answers: readonly FreeAnswers[]) => Promise<void>): FreeAnswerCounter {
  let sums = new Map<string, FreeAnswers>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  function add(one: FreeAnswers): void {
    const key = JSON.stringify([one.run, one.notebook, one.cell, one.model]);
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? one : plus(sum, one));
    if (timer !== undefined) return;
    timer = setTimeout(() => void flush().catch(() => undefined), gathered);
    timer.unref();
  }

  async function writeAll(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (sums.size === 0) return;
    const answers = [...sums.values()];
    sums = new Map();
    try {
      await write(answers);
    } catch (thrown) {
      for (const each of answers) add(each);
      throw thrown;
    }
  }

  function flush(): Promise<void> {
    writing = writing.then(writeAll, writeAll);
    return writing;
  }

  return {
    add: ({ cost, ...answer }) => add({ ...answer, answers: 1, cost: cost ?? 0, unpriced: cost === null ? 1 : 0 }),
    flush,
  };
}

function plus(sum: FreeAnswers, one: FreeAnswers): FreeAnswers {
  return {
    ...sum,
    answers: sum.answers + one.answers,
    cost: sum.cost + one.cost,
    unpriced: sum.unpriced + one.unpriced,
    input: sum.input + one.input,
    output: sum.output + one.output,
  };
}
