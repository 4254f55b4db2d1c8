import type { CostDay } from "#server/tables/call-store.ts";

const nothing: Omit<CostDay, "day"> = {
  ...{ cost: 0, calls: 0, failed: 0, unpriced: 0, free: 0, saved: 0, freeUnpriced: 0 },
  ...{ input: 0, output: 0, latency: null },
};

/** What times are drawn in. */
export type TimeUnit = "day" | "hour";

// A time as one in UTC, where each day has 24 hours.
const units: {
  readonly [Unit in TimeUnit]: { readonly length: number; parse(name: string): number; name(at: Date): string };
} = {
  day: { length: 24 * 60 * 60_000, parse: Date.parse, name: (at) => at.toISOString().slice(0, 10) },
  hour: {
    length: 60 * 60_000,
    parse: (name) => Date.parse(`${name.replace(" ", "T")}Z`),
    name: (at) => `${at.toISOString().slice(0, 13).replace("T", " ")}:00`,
  },
};

/** Days or hours in order without a gap: those between, on which nothing was called, are there with nothing. */
export function everyTime(times: readonly CostDay[], unit: TimeUnit): readonly CostDay[] {
  const known = new Map(times.map((time) => [time.day, time]));
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { length, parse, name } = units[unit];
  const all: CostDay[] = [];
  for (let at = parse(first.day); at <= parse(last.day); at += length) {
    const day = name(new Date(at));
    all.push(known.get(day) ?? { day, ...nothing });
  }
  return all;
}
