import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { RunOptions } from "#server/runner/start-run.ts";
import type { OpenedSession } from "./session-options.ts";
import { errorText } from "./show-error.ts";
import type { Terminal } from "./terminal.ts";

/** Why a batch cannot be gone on with though others can: it is not answered yet, has ended without an answer, or is there no more. */
const passed: ReadonlySet<string> = new Set([
  "resume.not-yet",
  "model.batch-refused",
  "model.batch-lost",
  "resume.no-batch",
]);

/**
 * Goes on with what batches have answered, and gives whether there was any; of those that are not answered yet, and those that ended
 * without an answer, it says so.
 */
export async function collectBatches(
  { session, file }: OpenedSession,
  options: RunOptions,
  terminal: Terminal,
): Promise<boolean> {
  let collected = false;
  const waits = (await session.waits()).filter(({ reason }) => reason === "batch");
  for (const address of new Map(waits.map(({ subject, address }) => [subject, address])).values()) {
    try {
      const run = await session.resume(address, true, options);
      const release = terminal.onStop(run.cancel);
      await run.done.finally(release);
      collected = true;
    } catch (thrown) {
      if (!(thrown instanceof SheafError) || !passed.has(thrown.code)) throw thrown;
      // Its rows are run anew with the others.
      if (thrown.code === "resume.no-batch") continue;
      terminal.error(errorText(thrown, file));
    }
  }
  return collected;
}
