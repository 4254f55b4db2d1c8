import type { CallEnd, CallIntent, Journal, JournalAnswer } from "#server/store/journal.ts";
import { wrongCost } from "../../../tests/helpers/booked-costs.ts";

const noUsage = { input: null, output: null, cachedInput: null, cacheWrite: null };

export interface MemoryJournal extends Pick<Journal, "find" | "begin" | "finish"> {
  readonly calls: { readonly intent: CallIntent; end: CallEnd | null }[];
  /** How often it was asked, and for how many keys. */
  readonly lookUps: number[];
  /** What happened, in order: `begin 0`, `finish 0 done`. */
  readonly log: string[];
}

/** A journal in memory that takes no wrong cost, and commits a turn of the event loop later, as one on disk does. */
export function memoryJournal(): MemoryJournal {
  const journal: MemoryJournal = {
    calls: [],
    lookUps: [],
    log: [],
    async find(keys) {
      journal.lookUps.push(keys.length);
      await new Promise(setImmediate);
      const answers = new Map<string, JournalAnswer>();
      for (const [id, { intent, end }] of journal.calls.entries())
        if (end?.state === "done" && keys.includes(intent.key))
          answers.set(intent.key, { ...end, id, key: intent.key, model: intent.model, sentAt: intent.sentAt });
      return answers;
    },
    async begin(intent) {
      await new Promise(setImmediate);
      const id = journal.calls.push({ intent, end: null }) - 1;
      journal.log.push(`begin ${id}`);
      return id;
    },
    async finish(id, end) {
      await new Promise(setImmediate);
      const wrong = wrongCost({ usage: { ...noUsage, ...end.usage }, cost: end.cost, price: end.price });
      if (wrong !== null) throw new Error(`call ${id} is ${wrong}`);
      journal.calls[id]!.end = end;
      journal.log.push(`finish ${id} ${end.state}`);
    },
  };
  return journal;
}
