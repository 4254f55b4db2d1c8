import type { Journal } from "#server/store/journal.ts";
import type { CallStore } from "#server/tables/call-store.ts";
import type { Tables } from "#server/tables/tables.ts";

/** What the workspace's calls came to, and the calls behind each figure, as the journal has them now. */
export type CallLedger = Pick<CallStore, "report" | "list" | "free" | "table">;

/** Calls that are copied at once. */
const atOnce = 5_000;

/**
 * Figures of calls by a copy of the journal's ledger in DuckDB, which is brought up to date before it is asked: the journal itself, which
 * every call waits for, is read by its ids alone. `flush` writes what is still being counted of free answers.
 */
export function createCallLedger(
  journal: Pick<Journal, "ledger" | "endedOf" | "free">,
  calls: Tables["calls"],
  { flush }: { readonly flush: () => Promise<void> },
): CallLedger {
  let copying: Promise<void> = Promise.resolve();

  async function copy(): Promise<void> {
    await flush();
    const through = await calls.through();
    await copyEnds(through.open);
    await copyCalls(through.calls);
    await copyFree(through.free);
  }

  async function copyFree(after: number): Promise<void> {
    const read = await journal.free({ after, limit: atOnce });
    if (read.length === 0) return;
    await calls.addFree(read);
    if (read.length === atOnce) await copyFree(read.at(-1)!.id);
  }

  // A call may end long after it was sent, also one whose process died: what another process collects of a batch ends it.
  async function copyEnds(open: readonly number[]): Promise<void> {
    const ended = open.length === 0 ? [] : await journal.endedOf(open);
    if (ended.length > 0) await calls.put(ended);
  }

  async function copyCalls(after: number): Promise<void> {
    const read = await journal.ledger({ after, limit: atOnce });
    if (read.length === 0) return;
    await calls.put(read);
    if (read.length === atOnce) await copyCalls(read.at(-1)!.id);
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
