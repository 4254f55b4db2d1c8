import type { Usage } from "#server/notebook/services.ts";

/** The counts that are counts: whole numbers from 0. What a provider says besides is no count, and the call is unpriced. */
export function tokenCounts(said: { readonly [Kind in keyof Usage]: unknown }): Usage {
  return Object.fromEntries(
    Object.entries(said).filter(([, count]) => typeof count === "number" && Number.isSafeInteger(count) && count >= 0),
  );
}
