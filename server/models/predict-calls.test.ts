import { expect, test } from "vitest";
import type { PastCalls } from "./call-history.ts";
import { foretellOutput, foretellSeconds } from "./predict-calls.ts";

const past = (latencies: readonly number[]): PastCalls => ({
  from: "place",
  calls: latencies.map((latency) => ({ characters: 10, usage: { output: latency }, latency })),
});

const always = (places: number) => ({ now: places, expected: places });

test("of one or two calls that are known seconds are foretold by a plain factor", () => {
  expect(foretellSeconds(1_000, always(1), past([2_000]))).toEqual({ low: 2_000 / 3, likely: 2_000, high: 6_000 });
  expect(foretellSeconds(1_000, always(10), past([1_000, 3_000]))).toEqual({
    low: expect.closeTo(200 / 3),
    likely: 200,
    high: 600,
  });
  expect(foretellSeconds(1, always(10), past([2_000]))).toEqual({ low: 2, likely: 2, high: 2 });
  expect(foretellSeconds(0, always(10), past([2_000]))).toEqual({ low: 0, likely: 0, high: 0 });
});

test("seconds go by the calls that are expected to be in flight, and at the worst by those that are now", () => {
  const { low, likely, high } = foretellSeconds(1_000, { now: 2, expected: 64 }, past([2_000]))!;
  expect([low, likely, high]).toEqual([2_000 / 64 / 3, 2_000 / 64, 6_000 / 2].map((each) => expect.closeTo(each)));
});

test("seconds of three known calls are foretold from how they spread", () => {
  const { low, likely, high } = foretellSeconds(1_000, always(1), past([2_000, 2_000, 2_000]))!;
  expect(likely).toBeCloseTo(2_000);
  expect([low > 700, high < 6_000]).toEqual([true, true]);
});

test("an answer without a most is not foretold many times longer than any that was seen", () => {
  const lengths = Array.from({ length: 200 }, (_, index) => (index % 20 === 0 ? 2_000 : 20));
  const ahead = { count: 1, characters: 10, limits: [Number.POSITIVE_INFINITY], times: 1 };
  const { low, high } = foretellOutput(ahead, past(lengths)).range;
  expect([low > 15, high < 2_500]).toEqual([true, true]);
});
