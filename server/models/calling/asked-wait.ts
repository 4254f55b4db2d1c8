import type { ModelErrorFacts } from "../model-error.ts";

/** Milliseconds a provider asks to wait from now, below 0 where its time is past; undefined where it asks for nothing. */
export function askedWait({ retryAfter, retryAt }: ModelErrorFacts, now: number): number | undefined {
  return retryAt === undefined ? retryAfter : retryAt - now;
}
