import type { CostReport } from "#server/tables/call-store.ts";

type Day = CostReport["days"][number];

const nothing: Omit<Day, "day"> = {
  ...{ cost: 0, calls: 0, failed: 0, unpriced: 0, free: 0, saved: 0, freeUnpriced: 0 },
  ...{ input: 0, output: 0, latency: null },
};

/** Days in order without a gap: those between, on which nothing was called, are there with nothing. */
export function everyDay(days: readonly Day[]): readonly Day[] {
  const known = new Map(days.map((day) => [day.day, day]));
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const all: Day[] = [];
  // A day as a date is one in UTC, where each has 24 hours.
  for (let at = Date.parse(first.day); at <= Date.parse(last.day); at += 24 * 60 * 60_000) {
    const day = new Date(at).toISOString().slice(0, 10);
    all.push(known.get(day) ?? { day, ...nothing });
  }
  return all;
}
