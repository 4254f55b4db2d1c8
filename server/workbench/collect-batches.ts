import { toCellError } from "#server/notebook/sheaf-error.ts";
import { systemEvery, type Every } from "#server/runner/every.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Report } from "#server/runner/report.ts";
import type { LiveNotebook } from "./live-notebook.ts";

const minute = 60_000;

export interface CollectSettings {
  readonly notebook: Pick<LiveNotebook, "session" | "show">;
  readonly batches: Pick<Runtime["batches"], "isAnswered">;
  readonly report: Report;
  readonly every?: Every;
}

/**
 * Looks once a minute whether batches that a notebook waits for are answered, and goes on with those that are; what they lead to is
 * left to a batch again. What a provider refused stays for the person who collects it, and is told then. Gives what ends it.
 */
export function collectBatches({ notebook, batches, report, every = systemEvery }: CollectSettings): () => void {
  const stopping = new AbortController();
  let looking = false;

  async function look(): Promise<void> {
    const { session, show } = notebook;
    const waits = session.trusted ? (await session.waits()).filter(({ reason }) => reason === "batch") : [];
    for (const { subject, address } of new Map(waits.map((wait) => [wait.subject, wait])).values()) {
      if (!(await batches.isAnswered(subject, stopping.signal))) continue;
      await show(`what a batch answered for ${address}`, (options) =>
        session.resume(address, true, { ...options, batch: true }),
      );
    }
  }

  const end = every(minute, () => {
    // A provider may take longer than a minute to say how things stand.
    if (looking) return;
    looking = true;
    look()
      .catch((thrown: unknown) => {
        if (!stopping.signal.aborted) report("looking for what batches answered", toCellError(thrown));
      })
      .finally(() => (looking = false));
  });
  return () => {
    stopping.abort();
    end();
  };
}
