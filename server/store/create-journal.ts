import { groupCommit } from "./group-commit.ts";
import type { Journal } from "./journal.ts";
import type { JournalRepository, JournalWrite } from "./journal-repository.ts";

/** The journal over its repository and its parts, in this thread. `release` lets go of the database when the last write is done. */
export function createJournal(
  repository: JournalRepository,
  { bodies, batches }: Pick<Journal, "bodies" | "batches">,
  release: () => Promise<void>,
): Journal {
  const commits = groupCommit<JournalWrite, number>((writes) => repository.write(writes));
  return {
    begin: (intent) => commits.write({ type: "begin", intent }),
    async finish(id, end) {
      await commits.write({ type: "finish", id, end });
    },
    async addFree(answers) {
      if (answers.length > 0) await commits.write({ type: "free", answers });
    },
    find: (keys) => repository.find(keys),
    answers: (call) => repository.answers(call),
    list: (filter) => repository.list(filter),
    read: (id) => repository.read(id),
    usageSince: (time, notebook) => repository.usageSince(time, notebook),
    spendingSince: (time, notebook) => repository.spendingSince(time, notebook),
    ledger: (call) => repository.ledger(call),
    endedOf: (ids) => repository.endedOf(ids),
    free: (call) => repository.free(call),
    bodies,
    batches,
    async close() {
      await commits.settled();
      await release();
    },
  };
}
