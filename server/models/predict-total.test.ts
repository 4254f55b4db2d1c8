import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chance, normalBy } from "./__fixtures__/chance.ts";
import { predictTotal, rangeAround, type Draw, type Range } from "./predict-total.ts";

/** Lengths of answers as they are: some bell, most with a tail, some cut off at the most they may have. */
const shapes: { readonly [name: string]: (random: () => number, normal: () => number, size: number) => number } = {
  "around a mean": (_, normal) => Math.max(1, 100 + 30 * normal()),
  "with a tail": (_, normal) => 100 * Math.exp(0.4 * normal()),
  "with a long tail": (_, normal) => Math.min(2_000, 100 * Math.exp(0.7 * normal())),
  "cut off at 400": (_, normal) => Math.min(400, 150 * Math.exp(normal())),
  "that end at any token": (random) => -100 * Math.log(random()),
  "either short or cut off": (random) => (random() < 0.3 ? 400 : 20 + 60 * random()),
  "as long as what is asked": (_, normal, size) => size * (0.8 + 0.1 * normal()),
  "that hold an answer's frame and what is asked": (_, normal, size) => 60 + 0.5 * size + 10 * normal(),
  "all equal": () => 12,
};

/** Twenty of these seldom have one of the longest among them. */
const longTailed = new Set(["with a long tail", "that end at any token"]);

interface Tried {
  readonly held: number;
  readonly halfWidth: number;
}

/** 20 that are known and 180 to come, many times over: how often the range held the total, and its mean half width; each is at most `most`, where that is known. */
function tried(
  shape: (random: () => number, normal: () => number, size: number) => number,
  most = Number.POSITIVE_INFINITY,
  times = 4_000,
): Tried {
  const random = chance(20);
  const normal = normalBy(random);
  let held = 0;
  let widths = 0;
  for (let time = 0; time < times; time += 1) {
    const draws = Array.from({ length: 200 }, (): Draw => {
      const size = 40 + 120 * random();
      return { size, amount: shape(random, normal, size) };
    });
    const rest = draws.slice(20);
    const truth = rest.reduce((sum, { amount }) => sum + amount, 0);
    const size = rest.reduce((sum, draw) => sum + draw.size, 0);
    const range = predictTotal(draws.slice(0, 20), { count: rest.length, size }, { most: most * rest.length });
    if (range.low <= truth && truth <= range.high) held += 1;
    widths += (range.high - range.low) / 2 / range.likely;
  }
  return { held: held / times, halfWidth: widths / times };
}

describe("after 20 of 200 the range of the rest", () => {
  test.each(Object.entries(shapes))(
    "holds the truth in nine of ten, hardly fewer with a long tail: of lengths %s",
    (name, shape) => {
      expect(tried(shape).held).toBeGreaterThanOrEqual(longTailed.has(name) ? 0.87 : 0.9);
    },
  );

  test.each(["around a mean", "with a tail", "as long as what is asked", "all equal"])(
    "is no wider than a quarter up and down of lengths %s",
    (name) => {
      expect(tried(shapes[name]!).halfWidth).toBeLessThan(0.25);
    },
  );

  test("goes by the size where that says more than the mean", () => {
    const { halfWidth } = tried(shapes["as long as what is asked"]!);
    expect(halfWidth).toBeLessThan(0.1);
  });

  test("misses what has never happened: a length that one in twenty has, and no sample of twenty may", () => {
    const rare = tried((random) => (random() < 0.05 ? 4_000 : 60 + 60 * random()));
    expect(rare.held).toBeLessThan(0.9);
  });
});

describe("where some came to the most that one can", () => {
  test.each(["either short or cut off", "cut off at 400"])(
    "the range holds the total in nine of ten, and is narrower than where nobody knows that none is longer, of lengths %s",
    (name) => {
      const { held, halfWidth } = tried(shapes[name]!, 400);
      expect(held).toBeGreaterThanOrEqual(0.9);
      expect(halfWidth).toBeLessThan(0.97 * tried(shapes[name]!).halfWidth);
    },
  );

  test("it reaches down to the short ones where most are cut off", () => {
    expect(tried((random) => (random() < 0.8 ? 400 : 20 + 60 * random()), 400).held).toBeGreaterThanOrEqual(0.93);
  });

  test("nothing hangs on a most that none came near", () => {
    const past = [80, 120, 90, 200].map((amount) => ({ size: 10, amount }));
    const ahead = { count: 10, size: 100 };
    expect(predictTotal(past, ahead, { most: 100_000 })).toEqual(predictTotal(past, ahead));
  });

  test("that all of them came to it makes it not certain that the next ones do", () => {
    const past = Array.from({ length: 20 }, () => ({ size: 10, amount: 400 }));
    const { low, likely, high } = predictTotal(past, { count: 180, size: 1_800 }, { most: 400 * 180 });
    expect([low / likely < 0.93, low / likely > 0.85, high]).toEqual([true, true, likely]);
  });
});

/** Lengths of which a few are far longer than all others. */
const heavyTails: { readonly [name: string]: (random: () => number, normal: () => number) => number } = {
  "that end at any token": (random) => -100 * Math.log(random()),
  "with a tail that is e times as long with each deviation": (_, normal) => 100 * Math.exp(normal()),
  "with a tail that has no deviation at all": (random) => 20 * random() ** (-1 / 1.5),
  "of which one in twenty is a hundred times as long": (random) => (random() < 0.05 ? 2_000 : 20),
};

/** How often a range holds the total of so many after so many that are known, and how often Student's alone would, without an end. */
function triedAfter(shape: (random: () => number, normal: () => number) => number, known: number, count: number) {
  const random = chance(5);
  const normal = normalBy(random);
  const times = 2_000;
  let held = 0;
  let without = 0;
  for (let time = 0; time < times; time += 1) {
    const amounts = Array.from({ length: known }, () => shape(random, normal));
    let truth = 0;
    for (let next = 0; next < count; next += 1) truth += shape(random, normal);
    const past = amounts.map((amount) => ({ size: 10, amount }));
    const holds = ({ low, high }: Range): number => (low <= truth && truth <= high ? 1 : 0);
    held += holds(predictTotal(past, { count, size: 10 * count }));
    const mean = amounts.reduce((sum, amount) => sum + amount, 0) / known;
    const squares = amounts.reduce((sum, amount) => sum + (amount - mean) ** 2, (0.5 * mean) ** 2);
    const error = Math.sqrt((squares / known) * (count + count ** 2 / known));
    without += holds(rangeAround(mean * count, error, known));
  }
  return { held: held / times, without: without / times };
}

describe("where the most is known that one ever came to", () => {
  test.each(Object.entries(heavyTails))("the range ends there and holds as many totals of lengths %s", (_, shape) => {
    for (const count of [1, 10, 100])
      for (const known of [3, 20, 200]) {
        const { held, without } = triedAfter(shape, known, count);
        expect(held, `${count} after ${known}`).toBeGreaterThanOrEqual(without - 0.005);
      }
  });

  test.each(Object.entries(heavyTails))("after one alone it holds 9 of 10 of the next of lengths %s", (_, shape) => {
    expect(triedAfter(shape, 1, 1).held).toBeGreaterThanOrEqual(0.89);
  });

  test("one more is not foretold far beyond it, however far a few are from the others", () => {
    const past = Array.from({ length: 200 }, (_, index) => ({ size: 10, amount: index % 20 === 0 ? 2_000 : 20 }));
    const { low, high } = predictTotal(past, { count: 1, size: 10 });
    expect(low).toBeGreaterThan(15);
    expect(high).toBeLessThan(2_500);
    const bySize = past.map(({ amount }, index) => ({ size: 10 + index, amount: amount * (10 + index) }));
    const { low: least, high: most } = predictTotal(bySize, { count: 1, size: 1_000 }, { bySize: true });
    expect(least).toBeGreaterThan(15 * 1_000);
    expect(most).toBeLessThan(2_500 * 1_000);
  });

  test("the ends are about the line where it goes along one", () => {
    const past = Array.from({ length: 200 }, (_, index) => ({
      size: index,
      amount: 100 + 10 * index + (index % 50 === 25 ? 3_000 : 0),
    }));
    const { likely, high } = predictTotal(past, { count: 1, size: 0 });
    expect(likely).toBeLessThan(300);
    expect(high).toBeLessThan(1.2 * (likely + 3_000));
  });
});

const draw = fc.record({
  size: fc.integer({ min: 0, max: 1_000 }),
  amount: fc.integer({ min: 0, max: 5_000 }),
});
const ahead = fc.record({ count: fc.integer({ min: 1, max: 50_000 }), size: fc.integer({ min: 0, max: 50_000_000 }) });

describe("a range", () => {
  test("is in order, and never beyond the most there can be", () => {
    fc.assert(
      fc.property(
        fc.array(draw, { minLength: 1, maxLength: 200 }),
        ahead,
        fc.integer({ min: 0 }),
        (past, next, most) => {
          const { low, likely, high } = predictTotal(past, next, { most });
          expect(0 <= low && low <= likely && likely <= high && high <= most).toBe(true);
        },
      ),
    );
  });

  test("grows narrower, for its length, the more is known", () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(amounts, (lengths) => {
        const past = lengths.map((amount) => ({ size: 10, amount }));
        const width = (draws: readonly Draw[]): number => {
          const { low, high } = predictTotal(draws, { count: 100, size: 1_000 });
          return Math.log(high / low);
        };
        expect(width([...past, ...past, ...past, ...past])).toBeLessThan(width(past));
      }),
    );
  });

  test("does not hang on the unit in which amounts are counted", () => {
    fc.assert(
      fc.property(fc.array(draw, { minLength: 1, maxLength: 50 }), ahead, (past, next) => {
        const once = predictTotal(past, next);
        const eightfold = predictTotal(
          past.map(({ size, amount }) => ({ size, amount: 8 * amount })),
          next,
        );
        for (const end of ["low", "likely", "high"] as const)
          expect(Math.abs(eightfold[end] - 8 * once[end])).toBeLessThanOrEqual(1e-6 * eightfold[end]);
      }),
    );
  });

  test("of nothing is nothing", () => {
    expect(predictTotal([{ size: 1, amount: 1 }], { count: 0, size: 0 })).toEqual({ low: 0, likely: 0, high: 0 });
  });
});
