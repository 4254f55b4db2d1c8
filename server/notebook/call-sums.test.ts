import { expect, test } from "vitest";
import { callSums } from "./call-sums.ts";
import type { CallFacts } from "./services.ts";

const call = (facts: Partial<CallFacts>): CallFacts => ({
  key: "k",
  model: "echo/text",
  usage: {},
  cost: 0,
  latency: 0,
  cached: false,
  ...facts,
});

test("a result without a call cost nothing, and has neither tokens nor a time", () => {
  expect(callSums([])).toEqual({ cost: 0, input: null, output: null, latency: null, cached: null });
});

test("calls are summed, tokens over those that tell them", () => {
  const sums = callSums([
    call({ usage: { input: 5, output: 2 }, cost: 0.5, latency: 100 }),
    call({ usage: { input: 7 }, cost: 0.25, latency: 20 }),
  ]);
  expect(sums).toEqual({ cost: 0.75, input: 12, output: 2, latency: 120, cached: false });
});

test("one call without a price makes the sum unpriced", () => {
  expect(callSums([call({ cost: 1 }), call({ cost: null })]).cost).toBeNull();
});

test("a result is cached where all of its calls were", () => {
  expect(callSums([call({ cached: true }), call({ cached: true })]).cached).toBe(true);
  expect(callSums([call({ cached: true }), call({ cached: false })]).cached).toBe(false);
});

test("a result is cut off where its last call's answer was, and says nothing of it elsewhere", () => {
  expect(callSums([call({}), call({ cutOff: true })]).cutOff).toBe(true);
  expect(callSums([call({ cutOff: true }), call({})])).not.toHaveProperty("cutOff");
});
