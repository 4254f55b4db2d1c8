import { SheafError } from "./sheaf-error.ts";
import type { Datum } from "./value.ts";

const units: { readonly [unit: string]: number } = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * How old an answer from the journal may be, in milliseconds, by a cell's `cache:`: any age where there is none, 0 for `never`,
 * and else a number with its unit: `45s`, `30m`, `12h`, `1d`. Throws `cell.cache` for anything else.
 */
export function cacheAge(value: Datum | undefined): number {
  if (value === undefined || value === null) return Number.POSITIVE_INFINITY;
  if (value === "never") return 0;
  const [, count, unit] = /^(\d+)([smhd])$/.exec(String(value)) ?? [];
  if (count !== undefined && unit !== undefined) return Number(count) * units[unit]!;
  throw new SheafError("cell.cache", `\`cache: ${String(value)}\` is no age`, {
    cure: "Write `never`, or a number with a unit: `45s`, `30m`, `12h`, `1d`.",
  });
}
