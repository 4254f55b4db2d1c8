import { SheafError } from "#server/notebook/sheaf-error.ts";
import { detailOf, type CallDetail } from "./call-detail.ts";
import type { Runtime } from "./runtime.ts";

/** One call of the journal, whole. */
export interface CallRecord {
  readonly id: number;
  readonly notebook: string;
  /** Whether it is under way; one that is not, and has no end, was lost with its process. */
  readonly underWay: boolean;
  readonly call: CallDetail;
}

/** The call of that id. Rejects with `call.unknown` where the journal has none. */
export async function callRecord(id: number, { journal }: Pick<Runtime, "journal">): Promise<CallRecord> {
  const call = await journal.read(id);
  if (call === null)
    throw new SheafError("call.unknown", `there is no call ${id} in the journal`, {
      cure: "Look in the list of calls.",
    });
  const underWay = call.end === null && call.sentAt >= performance.timeOrigin;
  return { id, notebook: call.notebook, underWay, call: detailOf(call) };
}
