import fc from "fast-check";
import { expect, test } from "vitest";
import type { CallFacts } from "#server/notebook/services.ts";
import { divideCall } from "./divide-call.ts";

const call: CallFacts = { key: "k", model: "m", usage: {}, cost: null, latency: 20, cached: false, embeds: true };
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

test("what a call came to is divided so that it adds up to it, tokens as whole ones, and to each what is theirs", () => {
  const weights = fc.array(
    fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0.01, max: 500, noNaN: true })),
    {
      minLength: 1,
      maxLength: 300,
    },
  );
  const input = fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined });
  fc.assert(
    fc.property(
      weights,
      input,
      fc.integer({ min: 0, max: 10 ** 9 }).map((nanodollars) => nanodollars / 1e9),
      (all, tokens, cost) => {
        const usage = tokens === undefined ? {} : { input: tokens, output: 0 };
        const parts = divideCall({ ...call, usage, cost }, all);
        expect(Math.abs(sum(parts.map((part) => part.cost!)) - cost)).toBeLessThanOrEqual(cost * 1e-12);
        for (const [index, part] of parts.entries()) {
          expect(part).toMatchObject({ key: "k", latency: 20, cached: false, embeds: true });
          expect(part.usage).toEqual(tokens === undefined ? {} : { input: expect.any(Number) as number, output: 0 });
          if (tokens === undefined) continue;
          expect(Number.isInteger(part.usage.input)).toBe(true);
          expect(Math.abs(part.usage.input! - (tokens * all[index]!) / sum(all))).toBeLessThanOrEqual(1.000_001);
          if (tokens > 0) expect(part.cost).toBeCloseTo((cost * part.usage.input!) / tokens, 10);
        }
        if (tokens !== undefined) expect(sum(parts.map((part) => part.usage.input!))).toBe(tokens);
      },
    ),
  );
});

test("of a call without a price nobody has one", () => {
  expect(divideCall(call, [1, 2]).map(({ cost }) => cost)).toEqual([null, null]);
});
