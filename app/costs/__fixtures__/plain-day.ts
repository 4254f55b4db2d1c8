import type { CostDay } from "#server/tables/call-store.ts";

/** The figures of a day with one call, of which there is nothing to say. */
export const plainDay: Omit<CostDay, "day"> = {
  ...{ cost: 0, calls: 1, failed: 0, unpriced: 0, free: 0, saved: 0, freeUnpriced: 0 },
  ...{ input: 0, output: 0, latency: null },
};
