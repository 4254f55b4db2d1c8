import { expect, test } from "vitest";
import { duration } from "./duration.ts";
import { moment } from "./moment.ts";

const now = new Date(2026, 10, 29, 15, 0, 0).getTime();

test("a time is said with as much as it takes to know which", () => {
  expect(moment(new Date(2026, 10, 29, 9, 5, 7).getTime(), now)).toBe("09:05:07");
  expect(moment(new Date(2026, 1, 3, 12, 4).getTime(), now)).toBe("3 Feb, 12:04");
  expect(moment(new Date(2025, 1, 3, 12, 4).getTime(), now)).toBe("3 Feb 2025, 12:04");
});

test("a duration has the unit that fits it", () => {
  expect([0.4, 431, 1_240, 125_000, 120_000].map(duration)).toEqual(["0 ms", "431 ms", "1.2 s", "2 min 5 s", "2 min"]);
});
