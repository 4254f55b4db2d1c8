import type { Journal } from "#server/store/journal.ts";
import type { CallStore } from "#server/tables/call-store.ts";
import type { Tables } from "#server/tables/tables.ts";

/** What the workspace's calls came to, and the calls behind each figure, as the journal has them now. */
export type CallLedger = Pick<CallStore, "report" | "list" | "free" | "table">;

/** Calls that are copied at once. */
const atOnce = 5_000;

/**
 * Figures of calls by a copy of the journal's ledger in DuckDB, which is brought up to date before it is asked: the journal itself, which
 * every call waits for, is read by its ids alone. `flush` writes what is still being counted of free answers. A call without an end that began before `startedAt` is one whose process died.
 */
export function createCallLedger(
  journal: Pick<Journal, "ledger" | "free">,
  calls: Tables["calls"],
  { startedAt, flush }: { readonly startedAt: number; readonly flush: () => Promise<void> },
): CallLedger {
  let copying: Promise<void> = Promise.resolve();

  async function copy(): Promise<void> {
    await flush();
    const through = await calls.through();
    await copyCalls(through.calls);
    await copyFree(through.free);
  }

  async function copyFree(after: number): Promise<void> {
    const read = await journal.free({ after, limit: atOnce });
    if (read.length === 0) return;
    await calls.addFree(read);
    if (read.length === atOnce) await copyFree(read.at(-1)!.id);
  }

  async function copyCalls(from: number): Promise<void> {
    let after = from;
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

  function copied(): Promise<void> {
    // One copy at a time; a failed one keeps nobody from trying again.
    copying = copying.then(copy, copy);
    return copying;
  }

  return {
    report: (question) => copied().then(() => calls.report(question)),
    list: (question) => copied().then(() => calls.list(question)),
    free: (question) => copied().then(() => calls.free(question)),
    table: () => copied().then(() => calls.table()),
  };
}
