import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Cancelled } from "#server/models/batches/batch-desk.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";

/**
 * Asks that of the batches that an address waits for nothing more is answered. What was answered by then is kept, and paid for, once
 * they are collected; the rest is stopped then. Gives what there was to cancel. Throws `resume.not-waiting`.
 */
export async function cancelBatch(
  address: string,
  { place }: Pick<SessionState, "place">,
  { store, batches }: Pick<Runtime, "store" | "batches">,
): Promise<Cancelled> {
  const waits = await store.waits.list(place);
  const wait = waits.find((one) => one.address === address && one.reason === "batch");
  if (wait === undefined)
    throw new SheafError("resume.not-waiting", `no batch is waited for at ${address}`, { cure: "Look at it again." });
  return await batches.cancel(wait.subject, new AbortController().signal);
}
