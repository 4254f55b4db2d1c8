import { expect, test } from "vitest";
import type { Estimate } from "#server/runner/estimate.ts";
import { costText } from "./cost-text.ts";

function estimate(known: Partial<Estimate["known"]>, open = 0): Estimate {
  const zero = { low: 0, likely: 0, high: 0 };
  return {
    known: {
      sampled: false,
      calls: 0,
      cached: 0,
      equal: 0,
      input: zero,
      output: zero,
      cost: zero,
      unpriced: [],
      seconds: null,
      models: [],
      ...known,
    },
    open,
  };
}
const cost = (likely: number) => ({ low: likely / 2, likely, high: likely * 2 });

test.each<[string, Estimate]>([
  ["≈ $0.050", estimate({ calls: 78, cost: cost(0.05) })],
  ["free", estimate({ calls: 78 })],
  ["from cache", estimate({ cached: 20 })],
  ["nothing to call", estimate({})],
  ["unpriced", estimate({ calls: 1, unpriced: ["server/x"] })],
  ["≥ $0.050", estimate({ calls: 5, cost: cost(0.05) }, 10)],
  ["depends on answers", estimate({}, 10)],
  ["depends on answers", estimate({ cached: 60 }, 1_000)],
  ["free", estimate({ calls: 60 }, 1_000)],
])("%s", (text, of) => {
  expect(costText(of)).toBe(text);
});

test("rows beyond those that were looked at are taken to be like them", () => {
  expect(costText(estimate({ calls: 1_000, cost: cost(0.5) }, 9_000))).toBe("≈ $5.00");
});
