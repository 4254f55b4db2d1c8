import type { Sending } from "../model.ts";

/** For so long rows wait for a provider to come back, in milliseconds: a run goes on over a short outage, and comes to its end in a long one. */
const patience = 300_000;

/**
 * Whether a request waits until a time for a provider that has failed it since another, in milliseconds since 1970: one of a batch
 * that has no other way does, for five minutes.
 */
export function isPatient(sending: Sending, since: number, until: number): boolean {
  return hasNoOtherWay(sending) && until - since <= patience;
}

/** Whether a request is one of a batch, for which nobody waits, and has no other key or model to go to. */
export function hasNoOtherWay({ priority, hasOther }: Sending): boolean {
  return priority === "batch" && hasOther !== true;
}
