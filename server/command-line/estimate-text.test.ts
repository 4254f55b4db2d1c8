import { expect, test } from "vitest";
import type { RunEstimate } from "#server/store/store.ts";
import { estimateBesideTruth } from "./estimate-text.ts";

const range = (low: number, high: number) => ({ low, likely: low, high });
const estimate = (low: number, high: number, open = 0): RunEstimate => ({
  ...{ calls: 3, open, input: range(1, 1), output: range(1, 1), unpriced: [], seconds: null },
  cost: range(low, high),
});

test("an estimate stands beside what a run came to, and beside that of a part where it was stopped", () => {
  const said = estimate(0.0212, 0.0214);
  expect(estimateBesideTruth(said, { cost: 0.0213, unpriced: 2 }, "done")).toBe(
    "Estimated $0.0212 to $0.0214, was $0.021 and 2 unpriced.",
  );
  expect(estimateBesideTruth(said, { cost: 0.0042, unpriced: 0 }, "budget")).toBe(
    "Estimated $0.0212 to $0.0214 for all of it, was $0.0042 for what was run.",
  );
  expect(estimateBesideTruth(estimate(0, 0), { cost: 0, unpriced: 0 }, "done")).toBe("");
});
