import { expect, test } from "vitest";
import { aboutDollars, dollarRange, dollars } from "./dollars";
import { estimateWords, type EstimateView } from "./estimate-words";

const estimate = (
  calls: number,
  {
    open = 0,
    cached = 0,
    cost = [0, 0, 0],
    unpriced = [],
  }: {
    open?: number;
    cached?: number;
    cost?: readonly [number, number, number];
    unpriced?: readonly string[];
  } = {},
): EstimateView => ({
  known: { calls, cached, equal: 0, cost: { low: cost[0], likely: cost[1], high: cost[2] }, unpriced },
  open,
});

const embedding = (calls: number, texts: number, atMost: boolean): EstimateView => {
  const { known, open } = estimate(calls, { cost: [2.6, 3.25, 5.2] });
  return { known: { ...known, embedded: { texts, atMost } }, open };
};

const sampled = (calls: number): EstimateView => {
  const { known, open } = estimate(calls);
  return { known: { ...known, sampled: true }, open };
};

test.each<[string, EstimateView, string]>([
  ["nothing to do", estimate(0), " |  |  | Nothing would be sent."],
  ["all from cache", estimate(0, { cached: 2 }), " |  | 2 from cache | Nothing would be sent: 2 from cache."],
  ["free calls", estimate(4), "4 | free |  | 4 calls, free."],
  ["one paid call", estimate(1, { cost: [0.002, 0.002, 0.002] }), "1 | ≈ $0.0020 |  | 1 call, $0.0020."],
  [
    "many paid calls",
    estimate(1_200, { cost: [0.01, 0.04, 0.2], cached: 2 }),
    "1,200 | ≈ $0.040 | 2 from cache | 1,200 calls, $0.010 to $0.20; 2 from cache.",
  ],
  ["unpriced calls", estimate(3, { unpriced: ["x/y"] }), "3 | unpriced |  | 3 calls, of unknown price (x/y)."],
  [
    "some unpriced",
    estimate(3, { unpriced: ["x/y"], cost: [1, 1.5, 2] }),
    "3 | ≈ $1.50 + unpriced |  | 3 calls, $1.00 to $2.00, not counting x/y, whose price is not known.",
  ],
  [
    "calls after calls",
    estimate(2, { open: 8, cost: [0.5, 0.5, 0.5] }),
    "2+ | ≥ $0.50 |  | 2 calls, $0.50, and up to 8 more that depend on answers to come.",
  ],
  [
    "only calls after calls",
    estimate(0, { open: 8 }),
    "up to 8 |  |  | up to 8 calls, which depend on answers to come.",
  ],
  ["one call after calls", estimate(0, { open: 1 }), "up to 1 |  |  | up to 1 call, which depends on answers to come."],
  [
    "calls that embed",
    embedding(79, 20_001, true),
    "79 | ≈ $3.25 |  | 79 calls (embedding at most 20,001 texts), $2.60 to $5.20.",
  ],
  ["calls of many rows, by a sample", sampled(1_984), "≈ 1,984 | free |  | about 1,984 calls, free."],
  ["one text", embedding(1, 1, false), "1 | ≈ $3.25 |  | 1 call (embedding 1 text), $2.60 to $5.20."],
])("%s", (_, asked, expected) => {
  const { calls, cost, cached, sentence } = estimateWords(asked);
  expect([calls, cost, cached, sentence].join(" | ")).toBe(expected);
});

test("dollars are read as people write them", () => {
  expect([null, 0, 0.0000031, 0.0031, 0.01, 1.2, 12.345].map(dollars)).toEqual([
    "unpriced",
    "free",
    "$0.0000031",
    "$0.0031",
    "$0.010",
    "$1.20",
    "$12.35",
  ]);
});

test("a range is one amount where both ends are one, and tells them apart where they are not", () => {
  expect(dollarRange({ low: 0.5, high: 1 })).toBe("$0.50 to $1.00");
  expect(dollarRange({ low: 0, high: 1 })).toBe("$0 to $1.00");
  expect(dollarRange({ low: 0.0212, high: 0.0214 })).toBe("$0.0212 to $0.0214");
  expect(dollarRange({ low: 0.02, high: 0.02 })).toBe("$0.020");
  expect([0.00001, 0.04].map(aboutDollars)).toEqual(["≈ $0.000010", "≈ $0.040"]);
});
