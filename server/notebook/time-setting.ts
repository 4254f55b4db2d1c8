import { SheafError } from "./sheaf-error.ts";
import { toJson } from "./to-json.ts";
import type { Datum } from "./value.ts";

/** A cell's settings that are times: how old an answer from the journal may be, and how long what is sent and answered stays in it. */
export type TimeSetting = "cache" | "keep";

const units: { readonly [unit: string]: number } = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * The milliseconds a cell's `cache:` or `keep:` says: null where it is empty or not there, 0 for `never`, and else a number
 * with its unit: `45s`, `30m`, `12h`, `1d`. Throws `cell.cache` or `cell.keep` for anything else.
 */
export function timeSetting(setting: TimeSetting, value: Datum | undefined): number | null {
  if (value === undefined || value === null) return null;
  if (value === "never") return 0;
  const text = typeof value === "string" ? value : toJson(value);
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return Number(count) * units[unit]!;
  throw new SheafError(`cell.${setting}`, `\`${setting}: ${text}\` is no time`, {
    cure: "Write `never`, or a number with a unit: `45s`, `30m`, `12h`, `1d`.",
  });
}
