import type { Journal, JournalAnswer } from "./journal.ts";
import type { RepositoryPlace } from "./store-messages.ts";
import { storeThread, type StoreThread } from "./store-thread.ts";

/** Keys looked up by one message: an answer of that size is read in a few milliseconds. */
const keysAtOnce = 500;

/**
 * Opens the journal of a workspace, `journal.sqlite` in `folder`, which must be there; a thread reads and writes it. Other processes
 * may have the same journal open. Rejects with `store.unwritable`, `store.corrupt`, `store.full`, `store.busy` or `store.newer`.
 */
export async function openJournal(place: RepositoryPlace, thread: StoreThread = storeThread()): Promise<Journal> {
  const remote = await thread.open("journal", place);
  const journal = remote.methods<Omit<Journal, "close" | "bodies" | "batches">>({
    begin: "together",
    finish: "together",
    find: "together",
    answers: "together",
    list: "together",
    read: "together",
    usageSince: "together",
    spendingSince: "together",
    ledger: "together",
    endedOf: "together",
    addFree: "together",
    free: "together",
  });
  const bodies = remote.methods<Journal["bodies"]>(
    {
      days: "together",
      keepFor: "together",
      countBefore: "together",
      removeBefore: "together",
      removeOutlived: "together",
      compact: "together",
    },
    "bodies",
  );
  const batches = remote.methods<Journal["batches"]>(
    {
      add: "at once",
      submitted: "together",
      ended: "together",
      open: "together",
      move: "together",
      written: "together",
    },
    "batches",
  );
  return {
    ...journal,
    bodies,
    batches,
    async find(keys) {
      const found = new Map<string, JournalAnswer>();
      for (let from = 0; from < keys.length; from += keysAtOnce)
        for (const [key, answer] of await journal.find(keys.slice(from, from + keysAtOnce))) found.set(key, answer);
      return found;
    },
    close: () => remote.close(),
  };
}
