import { groupCommit } from "./group-commit.ts";
import type { Journal, JournalSpending } from "./journal.ts";
import type { JournalRepository, JournalWrite } from "./journal-repository.ts";

/** The journal over its repository and its parts, in this thread. `release` lets go of the database when the last write is done. */
export function createJournal(
  repository: JournalRepository,
  { bodies, batches }: Pick<Journal, "bodies" | "batches">,
  release: () => Promise<void>,
): Journal {
  /** Calls that were begun here and have not ended: all else without an end is another process's, or was one's that died. */
  const own = new Set<number>();
  const commits = groupCommit<JournalWrite, number>(async (writes) => {
    try {
      const outcomes = await repository.write(writes);
      for (const [index, { type }] of writes.entries()) {
        const id = outcomes[index]!;
        if (type === "begin" && typeof id === "number") own.add(id);
      }
      return outcomes;
    } finally {
      // Where an end cannot be written there will be none.
      for (const write of writes) if (write.type === "finish") own.delete(write.id);
    }
  });

  async function spendingSince(time: number, notebook?: string): Promise<JournalSpending> {
    const before = new Set(own);
    const { open, ...spending } = await repository.spendingSince(time, notebook);
    const left = open.filter(({ id }) => !before.has(id) && !own.has(id)).map(({ expected }) => expected);
    return {
      ...spending,
      estimated: spending.estimated + left.filter((expected) => expected !== null && expected > 0).length,
      expected: left.reduce<number>((sum, expected) => sum + (expected ?? 0), spending.expected),
      unpriced: spending.unpriced + left.filter((expected) => expected === null).length,
      open: open.map(({ id }) => id),
    };
  }

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
    spendingSince,
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
