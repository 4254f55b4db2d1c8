import { expect, test } from "vitest";
import { everyDay } from "./every-day.ts";

const day = (day: string, calls: number) => ({
  day,
  cost: 0,
  calls,
  failed: 0,
  unpriced: 0,
  free: 0,
  saved: 0,
  freeUnpriced: 0,
  input: 0,
  output: 0,
  latency: null,
});

test("days on which nothing was called stand between, over the end of a month", () => {
  expect(everyDay([day("2026-02-27", 3), day("2026-03-02", 1)]).map(({ day, calls }) => [day, calls])).toEqual([
    ["2026-02-27", 3],
    ["2026-02-28", 0],
    ["2026-03-01", 0],
    ["2026-03-02", 1],
  ]);
  expect(everyDay([])).toEqual([]);
});
