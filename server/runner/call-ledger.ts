import type { Journal } from "#server/store/journal.ts";
import type { CallStore, CopiedThrough } from "#server/tables/call-store.ts";
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
    const { call, free, open } = await goesOn();
    await copyEnds(open);
    await copyCalls(call?.id ?? 0);
    await copyFree(free?.id ?? 0);
  }

  /** How far the copy goes: nowhere where it is of another journal, as where an older one was put back beside it. */
  async function goesOn(): Promise<CopiedThrough> {
    const through = await calls.through();
    const { call, free } = through;
    const isOf =
      (call === null || isSame(call, await journal.ledger({ after: call.id - 1, limit: 1 }))) &&
      (free === null || isSame(free, await journal.free({ after: free.id - 1, limit: 1 })));
    if (isOf) return through;
    await calls.clear();
    return { call: null, free: null, open: [] };
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

/** Whether the first row is the one that was copied: nothing of what is compared ever changes. */
function isSame<Row extends object>(copied: Row, [row]: readonly Row[]): boolean {
  return row !== undefined && (Object.keys(copied) as (keyof Row)[]).every((member) => row[member] === copied[member]);
}
