import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import type { ChatAnswer } from "#server/notebook/services.ts";
import { repairCall } from "./repair-call.ts";

/**
 * What a call's answer is under its schema. One that is not as that says is asked for once more, as the call's step 1. Throws what `valueOf`
 * says of an answer that is none, and what sending throws.
 */
export async function repairedValue<Value>(
  call: PlannedCall,
  send: (call: PlannedCall, step: number) => Promise<ChatAnswer>,
  valueOf: (reply: ChatAnswer) => Value,
): Promise<Value> {
  const reply = await send(call, 0);
  try {
    return valueOf(reply);
  } catch (thrown) {
    const repair = repairCall(call, reply, thrown);
    if (repair === null) throw thrown;
    return valueOf(await send(repair, 1));
  }
}
