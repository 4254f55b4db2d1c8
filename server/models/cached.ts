import type { Journal, JournalAnswer } from "#server/store/journal.ts";
import { mayAnswer } from "./may-answer.ts";
import { namesOf, type Send } from "./sender.ts";

/** Keys asked for in one look-up of the journal at most. */
const batchSize = 1_000;

/** Finds the newest good answer of one key; null where there is none. */
export type FindAnswer = (key: string) => Promise<JournalAnswer | null>;

/**
 * Answers from the journal where it has the call's key, young enough for its context and of a model that the call names; sends it
 * otherwise.
 */
export function cached(send: Send, find: FindAnswer, clock: () => number): Send {
  return async (call, signal, onText) => {
    const { maximumAge = Number.POSITIVE_INFINITY } = call.context;
    const answer = maximumAge > 0 ? await find(call.key) : null;
    if (answer === null || clock() - answer.endedAt > maximumAge || !mayAnswer(answer, namesOf(call)))
      return send(call, signal, onText);
    return { sentAt: answer.sentAt, end: answer, cached: true };
  };
}

/**
 * Look-ups of single keys, joined: those asked for in one turn, or while the journal answers others, go to it together, so
 * that a batch of calls costs a few look-ups.
 */
export function batchFind(journal: Pick<Journal, "find">): FindAnswer {
  type Waiting = { readonly found: (answer: JournalAnswer | null) => void; readonly failed: (thrown: unknown) => void };
  let waiting = new Map<string, Waiting[]>();
  let running = false;
  const run = async (): Promise<void> => {
    while (waiting.size > 0) {
      const batch = new Map([...waiting].slice(0, batchSize));
      waiting = new Map([...waiting].slice(batchSize));
      try {
        const answers = await journal.find([...batch.keys()]);
        for (const [key, readers] of batch) for (const { found } of readers) found(answers.get(key) ?? null);
      } catch (thrown) {
        for (const readers of batch.values()) for (const { failed } of readers) failed(thrown);
      }
    }
    running = false;
  };
  return (key) =>
    new Promise((found, failed) => {
      const readers = waiting.get(key);
      if (readers === undefined) waiting.set(key, [{ found, failed }]);
      else readers.push({ found, failed });
      if (running) return;
      running = true;
      queueMicrotask(() => void run());
    });
}
