import { expect, test } from "vitest";
import { callTotals } from "./call-totals.ts";

const call = { latency: 200, cost: 0.001, usage: { input: 100, output: 5 }, cached: true };

test("a result's calls are added up", () => {
  expect(callTotals([call, { ...call, cached: false }])).toEqual({
    latency: 400,
    cost: 0.002,
    input: 200,
    output: 10,
    cached: false,
    cutOff: false,
  });
});

test("a result is cut off where its last call's answer was: that is the one it is made of", () => {
  const cut = { ...call, cutOff: true as const };
  expect(callTotals([call, cut])?.cutOff).toBe(true);
  expect(callTotals([cut, call])?.cutOff).toBe(false);
});

test("one call without a price leaves the sum unpriced, not smaller", () => {
  expect(callTotals([call, { ...call, cost: null, usage: {} }])).toMatchObject({ cost: null, input: null });
});

test("a result without calls has no figures", () => {
  expect(callTotals([])).toBeNull();
});
