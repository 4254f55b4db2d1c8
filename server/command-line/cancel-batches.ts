import type { OpenedSession } from "./session-options.ts";
import type { Terminal } from "./terminal.ts";

const said = {
  cancelling: "is being cancelled. What was answered by then is kept, and paid for: run it with --batch to have it.",
  answered: "was answered already, and is paid for: run it with --batch to have it.",
  none: "has ended without an answer. Run its cells again, with --batch or without.",
} as const;

/** Cancels the batches a notebook waits for. */
export async function cancelBatches({ session }: OpenedSession, terminal: Terminal): Promise<void> {
  const waits = (await session.waits()).filter(({ reason }) => reason === "batch");
  const bySubject = new Map(waits.map((wait) => [wait.subject, wait]));
  for (const { address } of bySubject.values()) {
    terminal.error(`The batch of ${address} ${said[await session.cancelBatch(address)]}\n`);
  }
  if (bySubject.size === 0) terminal.error("Nothing here waits for a batch.\n");
}
