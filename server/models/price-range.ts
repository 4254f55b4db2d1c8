import type { Usage } from "#server/notebook/services.ts";
import type { EstimateSettings } from "./estimate.ts";
import type { Range } from "./predict-total.ts";
import type { Prices } from "./prices.ts";

/** What a usage costs at each end of a range, US dollars; null where the price is not known. */
export async function priceRange(
  model: Parameters<Prices>[0],
  usageAt: (end: keyof Range) => Usage,
  { prices, clock }: Pick<EstimateSettings, "prices" | "clock">,
): Promise<Range | null> {
  const range = { low: 0, likely: 0, high: 0 };
  for (const end of ["low", "likely", "high"] as const) {
    const { cost } = await prices(model, usageAt(end), clock());
    if (cost === null) return null;
    range[end] = cost;
  }
  return range;
}
