import type { Datum } from "./value.ts";

/** Whether a call's price, as the journal keeps how it was worked out, is that of an answer from a provider's batch. */
export function isBatched(price: Datum): boolean {
  return typeof price === "object" && price !== null && Object.hasOwn(price, "batch");
}
