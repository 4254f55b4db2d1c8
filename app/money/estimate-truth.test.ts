import { expect, test } from "vitest";
import type { RunEstimate } from "#server/store/store.ts";
import { estimateBesideTruth, tokensBesideTruth } from "./estimate-truth";

const estimate = (low: number, high: number, open = 0): RunEstimate => ({
  calls: 3,
  open,
  input: { low: 1, likely: 1, high: 1 },
  output: { low: 1, likely: 1, high: 1 },
  cost: { low, likely: (low + high) / 2, high },
  unpriced: [],
  seconds: null,
});

test.each([
  [estimate(0.0312, 0.0381), { cost: 0.0339 }, "$0.031 to $0.038, was $0.034"],
  [estimate(1.2, 1.4), { cost: 2 }, "$1.20 to $1.40, was $2.00"],
  [estimate(0.5, 0.5, 4), { cost: 0.9, unpriced: 2 }, "at least $0.50, was $0.90 + 2 unpriced"],
  [estimate(0, 0), { cost: null }, "$0, was unpriced"],
  [estimate(0.00001, 0.00002), { cost: 0 }, "<$0.0001, was $0"],
  [estimate(0, 0), { cost: 0 }, ""],
])("an estimate stands beside the truth: %#", (said, was, words) => {
  expect(estimateBesideTruth(said, was)).toBe(words);
});

test("tokens are a range where it is one, beside what was counted", () => {
  expect(tokensBesideTruth({ low: 1_000, likely: 1_200, high: 1_400 }, 1_150)).toBe("1,000 to 1,400, was 1,150");
  expect(tokensBesideTruth({ low: 7, likely: 7, high: 7 }, null)).toBe("7");
});
