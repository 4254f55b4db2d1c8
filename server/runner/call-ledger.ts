import type { Journal } from "#server/store/journal.ts";
import type { CostQuestion, CostReport } from "#server/tables/call-store.ts";
import type { Tables } from "#server/tables/tables.ts";

/** What the workspace's calls came to. */
export interface CallLedger {
  /** The figures of the calls that a question is about, as the journal has them now. */
  report(question: CostQuestion): Promise<CostReport>;
}

/** Calls that are copied at once. */
const atOnce = 5_000;

/**
 * Figures of calls by a copy of the journal's ledger in DuckDB, which is brought up to date before it is asked: the journal itself, which
 * every call waits for, is read by its ids alone. A call without an end that began before `startedAt` is one whose process died.
 */
export function createCallLedger(
  journal: Pick<Journal, "ledger">,
  calls: Tables["calls"],
  startedAt: number,
): CallLedger {
  let copying: Promise<void> = Promise.resolve();

  async function copy(): Promise<void> {
    let after = await calls.through();
    // What follows a call that is under way is copied, and copied again when that has ended.
    let settled: number | undefined;
    for (;;) {
      const read = await journal.ledger({ after, limit: atOnce });
      if (read.length === 0) return;
      const last = read.at(-1)!.id;
      const open = read.find(({ state, sentAt }) => state === null && sentAt >= startedAt);
      if (open !== undefined) settled ??= open.id - 1;
      await calls.replace({ after, calls: read, through: settled ?? last });
      if (read.length < atOnce) return;
      after = last;
    }
  }

  return {
    async report(question) {
      // One copy at a time; a failed one keeps nobody from trying again.
      const now = copying.then(copy, copy);
      copying = now;
      await now;
      return calls.report(question);
    },
  };
}
