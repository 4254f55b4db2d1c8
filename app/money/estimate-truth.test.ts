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
  [estimate(0.0312, 0.0381), { cost: 0.0339, unpriced: 0 }, "$0.031 to $0.038, was $0.034"],
  [estimate(1.2, 1.4), { cost: 2, unpriced: 0 }, "$1.20 to $1.40, was $2.00"],
  [estimate(0.5, 0.5, 4), { cost: 0.9, unpriced: 2 }, "at least $0.50, was $0.90 + 2 unpriced"],
  [estimate(0, 0), { cost: null, unpriced: null }, "$0, was unpriced"],
  [estimate(0.00001, 0.00002), { cost: 0, unpriced: 0 }, "$0.000010 to $0.000020, was $0"],
  [estimate(0, 0), { cost: 0, unpriced: 0 }, ""],
])("an estimate stands beside the truth: %#", (said, was, words) => {
  expect(estimateBesideTruth(said, was, "done")).toBe(words);
});

test("what a run that was stopped came to is said to be that of a part", () => {
  expect(estimateBesideTruth(estimate(0.0212, 0.0214), { cost: 0.0042, unpriced: 0 }, "budget")).toBe(
    "$0.0212 to $0.0214 for all of it, was $0.0042 for what was run",
  );
  expect(tokensBesideTruth({ low: 7, likely: 7, high: 7 }, 3, "cancelled")).toBe(
    "7 for all of it, was 3 for what was run",
  );
  expect(estimateBesideTruth(estimate(1, 1), { cost: 1, unpriced: 0 }, "done")).toBe("$1.00, was $1.00");
});

test("tokens are a range where it is one, beside what was counted", () => {
  expect(tokensBesideTruth({ low: 1_000, likely: 1_200, high: 1_400 }, 1_150, "done")).toBe(
    "1,000 to 1,400, was 1,150",
  );
  expect(tokensBesideTruth({ low: 7, likely: 7, high: 7 }, null, "done")).toBe("7");
});
