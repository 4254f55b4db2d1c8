import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, test } from "vitest";
import type { PastCalls } from "./call-history.ts";
import { foretellInput, foretellOutput, foretellSeconds } from "./predict-calls.ts";

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

describe("answers that were cut off at a lower most than is asked for now", () => {
  const cut = { characters: 10, usage: { output: 16 }, cutOffAt: 16, latency: 1 };
  const whole = { characters: 10, usage: { output: 900 }, latency: 1 };
  const of = (calls: PastCalls["calls"], limit = 1_000) =>
    foretellOutput({ count: 100, characters: 1_000, limits: [limit], times: 100 }, { from: "place", calls });

  test("say how long one is at the least, and no more", () => {
    for (const calls of [
      Array.from({ length: 20 }, () => cut),
      [...Array.from({ length: 18 }, () => cut), whole, whole],
    ] as const) {
      const { range, basis } = of(calls);
      expect([basis, range.low < 90_000, range.high >= 90_000]).toEqual(["assumed", true, true]);
    }
    const open = of(
      Array.from({ length: 20 }, () => cut),
      Number.POSITIVE_INFINITY,
    ).range;
    expect([open.high > 400_000, open.high < 500_000]).toEqual([true, true]);
  });

  test("are left out as soon as three are known that were not", () => {
    const { range, basis } = of([...Array.from({ length: 20 }, () => cut), whole, whole, whole]);
    expect([basis, range.low > 50_000, range.likely]).toEqual(["place", true, expect.closeTo(90_000, -1)]);
  });

  test("say how long they are where no more is asked for", () => {
    expect(
      of(
        Array.from({ length: 20 }, () => cut),
        16,
      ),
    ).toMatchObject({ basis: "place", range: { likely: 1_600 } });
  });
});

/** Tokens a provider adds to a request of one message. */
const added = 7;

/** What is foretold of one text, from requests of before. */
function foretoldOf(text: string, from: PastCalls["from"], known: readonly string[]) {
  const characters = text.length;
  const calls = known.map((each) => ({
    characters: each.length,
    usage: { input: countTokens(each) + added, output: 5 },
    latency: 1,
  }));
  const sent = { certain: characters, beside: 0 };
  const ahead = { count: 1, characters, schema: 0, sent, messages: 1, counted: null, limits: [], times: 1 };
  return { ...foretellInput(ahead, { from, calls }), truth: countTokens(text) + added };
}

const sentence = "The card has not arrived and the customer is waiting for it since last week. ";
const greetings = Array.from({ length: 20 }, (_, index) => `Greet customer ${index}`);

describe("tokens of requests", () => {
  test.each(["place", "cell", "notebook", "model"] as const)(
    "go by their characters, however alike those of the past calls were, of the %s",
    (from) => {
      const { range, basis, truth } = foretoldOf(sentence.repeat(1_000), from, greetings);
      expect([range.low <= truth, truth <= range.high, range.likely > truth / 2, basis]).toEqual([
        ...[true, true, true],
        from,
      ]);
    },
  );

  const kinds: { readonly [name: string]: (index: number) => string } = {
    English: (index) => sentence.repeat(3 + (index % 4)),
    German: (index) =>
      "Die Überweisung wurde abgelehnt; der Kunde möchte wissen, weshalb seine Kreditkarte gesperrt ist. ".repeat(
        3 + (index % 4),
      ),
    code: (index) =>
      `if (row[${index}] === undefined) rows.push({ key: ${index}, value: null });\n`.repeat(3 + (index % 4)),
    numbers: (index) => Array.from({ length: 60 + index }, (_, at) => (at * 7919) % 10_000).join(", "),
    short: (index) => greetings[index]!,
  };
  // Numbers have more tokens than is assumed of any text.
  const others = Object.keys(kinds).filter((kind) => kind !== "numbers");
  const pairs = Object.keys(kinds).flatMap((one) => others.map((other) => [one, other] as const));
  test.each(pairs)("of another cell hold, from %s, those of %s", (one, other) => {
    const { range, truth } = foretoldOf(
      kinds[other]!(9).repeat(8),
      "notebook",
      greetings.map((_, index) => kinds[one]!(index)),
    );
    expect([range.low <= truth, truth <= range.high]).toEqual([true, true]);
  });

  test("of the same cell, about as long as before, are foretold closely", () => {
    const known = greetings.map((_, index) => kinds["English"]!(index));
    const { range, truth } = foretoldOf(kinds["English"]!(1), "place", known);
    expect([range.low <= truth, truth <= range.high, range.high < 1.4 * range.low]).toEqual([true, true, true]);
  });
});
