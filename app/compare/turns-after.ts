import type { Talk, Turn } from "./conversations";

/** The turns of a conversation that goes on from an answer with new words, after what was said to it before. */
export function turnsAfter(said: string, answer: string, before: Talk | undefined): Turn[] {
  // What was said to an answer that is there no more begins anew.
  if (before === undefined || before.turns[0]!.answer !== answer) return [{ answer, said }];
  // What failed or was stopped has no answer to go on from: it is asked once more with the new words.
  return before.problem !== null || before.isStopped
    ? [...before.turns.slice(0, -1), { ...before.turns.at(-1)!, said }]
    : [...before.turns, { answer: before.text, said }];
}
