import type { VariantCounts } from "#server/tables/sheet-store.ts";

/** Results of a variant that are stale, for whatever reason. */
export function staleCount({ counts }: Pick<VariantCounts, "counts">): number {
  return (counts["stale-key"] ?? 0) + (counts["stale-input"] ?? 0) + (counts["stale-upstream"] ?? 0);
}

/** Whether any result of a variant never ran, is stale or failed. */
export function isDue(variant: Pick<VariantCounts, "counts" | "outcomes">): boolean {
  return staleCount(variant) + (variant.counts.never ?? 0) + (variant.outcomes.error ?? 0) > 0;
}
