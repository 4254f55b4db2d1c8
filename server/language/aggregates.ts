import { calculate, finite } from "./arithmetic.ts";
import { isNumber, order } from "./compare.ts";
import { Fault } from "./language-error.ts";
import { isHost, kindOf, skipped, type LanguageValue, type Result } from "./language-value.ts";
import { elements } from "./lists.ts";
import type { Meter } from "./meter.ts";
import { skippedFault } from "./value-text.ts";

export const aggregateNames = ["mean", "sum", "min", "max", "count", "median", "stdev"] as const;
export type AggregateName = (typeof aggregateNames)[number];

/**
 * An aggregate over one list, or over its arguments where there are several. A host value that can computes it
 * itself. Null is left out, as in SQL; over nothing `count` and `sum` are 0 and the others null.
 * `mean` and `stdev` are in double precision; `stdev` is of a sample (divided by n − 1), null under two values.
 */
export function aggregate(name: AggregateName, given: readonly Result[], meter: Meter): Result {
  const [only] = given;
  if (given.length === 0) throw new Fault("language.type", `\`${name}\` needs a list`);
  const own = given.length === 1 && isHost(only) ? only.aggregate?.(name) : undefined;
  if (own !== undefined) return own;
  const items = (given.length === 1 ? list(name, only, meter) : given).filter((item) => item !== null);
  meter.spend(items.length);
  switch (name) {
    case "count":
      if (items.includes(skipped)) throw skippedFault();
      return items.length;
    case "sum":
      return numbers(name, items).reduce<LanguageValue>((total, item) => calculate("+", total, item, meter), 0);
    case "min":
      return extreme(items, -1, meter);
    case "max":
      return extreme(items, 1, meter);
    case "mean":
      return mean(numbers(name, items));
    case "median":
      return median(numbers(name, items), meter);
    case "stdev":
      return deviation(numbers(name, items).map(Number));
  }
}

function list(name: string, value: Result, meter: Meter): readonly LanguageValue[] {
  if (typeof value === "string" || isNumber(value))
    throw new Fault("language.type", `\`${name}\` needs a list and got ${kindOf(value)}`);
  return elements(value, meter);
}

function numbers(name: string, items: readonly Result[]): (number | bigint)[] {
  return items.map((item) => {
    if (isNumber(item)) return item;
    if (typeof item === "boolean") return Number(item);
    if (item === skipped) throw skippedFault();
    throw new Fault("language.type", `\`${name}\` needs numbers and got ${kindOf(item)}`);
  });
}

function extreme(items: readonly Result[], sign: 1 | -1, meter: Meter): Result {
  let best: Result = null;
  for (const item of items) if (best === null || sign * (order(item, best, meter) ?? 0) > 0) best = item;
  return best;
}

function mean(items: readonly (number | bigint)[]): number | null {
  if (items.length === 0) return null;
  return finite(items.reduce<number>((total, item) => total + Number(item), 0) / items.length);
}

function median(items: readonly (number | bigint)[], meter: Meter): number | bigint | null {
  if (items.length === 0) return null;
  meter.spend(items.length * Math.ceil(Math.log2(items.length)));
  const ordered = [...items].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  const middle = ordered.length >> 1;
  if (ordered.length % 2 === 1) return ordered[middle]!;
  return finite((Number(ordered[middle - 1]) + Number(ordered[middle])) / 2);
}

/** In two passes, because the one-pass formula loses all digits of close numbers far from zero. */
function deviation(items: readonly number[]): number | null {
  if (items.length < 2) return null;
  const centre = mean(items)!;
  const squares = items.reduce((total, item) => total + (item - centre) ** 2, 0);
  return finite(Math.sqrt(squares / (items.length - 1)));
}
