import type { ModelErrorFacts } from "../model-error.ts";

/** No longer demand is believed, in milliseconds: one answer must not shut a provider or a key out for years. */
const longestDemand = 86_400_000;

/** Milliseconds a provider asks to wait from now, at most a day, below 0 where its time is past; undefined where it asks for nothing. */
export function askedWait({ retryAfter, retryAt }: ModelErrorFacts, now: number): number | undefined {
  const asked = retryAt === undefined ? retryAfter : retryAt - now;
  return asked === undefined ? undefined : Math.min(asked, longestDemand);
}
