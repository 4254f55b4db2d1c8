import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clusteredMean, clusteredSums } from "./clustered-mean.ts";
import { holmAdjust } from "./holm.ts";
import { mcnemarProbability, mcnemarTest } from "./mcnemar.ts";
import { estimateMean, mean } from "./mean.ts";
import { pairedDifference } from "./paired-difference.ts";
import { rowsNeeded, smallestDetectableDifference } from "./power.ts";
import { scoreInterval } from "./score-interval.ts";
import { studentQuantile } from "./special-functions.ts";
import { wilsonInterval } from "./wilson.ts";

// Computed with SciPy 1.17.1 and, where named, statsmodels 0.15.0.
const first = [0.82, 0.91, 0.4, 1, 0.73, 0.66, 0.95, 0.12, 0.58, 0.77];
const second = [0.75, 0.93, 0.31, 0.88, 0.7, 0.71, 0.8, 0.05, 0.44, 0.79];
const clusters = [1, 1, 2, 2, 2, 3, 4, 4, 5, 6];

describe("a mean", () => {
  test("has SciPy's standard error and Student interval", () => {
    const estimate = estimateMean(first);
    expect(estimate.n).toBe(10);
    expect(estimate.mean).toBeCloseTo(0.694, 12);
    expect(estimate.standardError).toBeCloseTo(0.0855595958641954, 12);
    expect(estimate.interval!.low).toBeCloseTo(0.5004507473696906, 10);
    expect(estimate.interval!.high).toBeCloseTo(0.8875492526303093, 10);
    expect(estimateMean(first, 0.99).interval!.low).toBeCloseTo(0.4159453844362791, 10);
  });

  test("of one value has no error, and of none there is none", () => {
    expect(estimateMean([0.3])).toEqual({ n: 1, mean: 0.3, standardError: null, interval: null });
    expect(estimateMean([])).toEqual({ n: 0, mean: null, standardError: null, interval: null });
  });

  test("refuses a confidence that is none", () => {
    expect(() => estimateMean(first, 95)).toThrow(RangeError);
  });

  test("does not lose small differences beside big numbers", () => {
    expect(mean(Array.from({ length: 1000 }, (_, index) => 1e15 + (index % 2)))).toBe(1e15 + 0.5);
  });
});

test.each([
  [1, 12.706204736174694],
  [4, 2.7764451051977934],
  [10, 2.228138851986274],
  [30, 2.0422724563012378],
  [999, 1.9623414611334493],
])("Student's 97.5 % quantile with %d degrees of freedom is SciPy's", (degrees, quantile) => {
  expect(studentQuantile(0.975, degrees)).toBeCloseTo(quantile, 9);
});

describe("a share's Wilson interval", () => {
  test.each([
    [17, 20, 0.639581135259243, 0.9476312541037833],
    [5, 5, 0.5655175352168252, 1],
    [0, 10, 0, 0.27753279986288926],
    [850, 1000, 0.8265313415731996, 0.8707899274869118],
    [1, 1, 0.2065493143772374, 1],
    [3, 200, 0.005114237793258307, 0.043165728792690275],
  ])("is statsmodels' for %d of %d", (successes, n, low, high) => {
    const interval = wilsonInterval(successes, n)!;
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });

  test("holds the share and lies within 0 and 1, and widens with the confidence", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), (one, other) => {
        const [successes, n] = [Math.min(one, other), Math.max(one, other, 1)];
        const { low, high } = wilsonInterval(successes, n)!;
        const wider = wilsonInterval(successes, n, 0.99)!;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / n);
        expect(high).toBeGreaterThanOrEqual(successes / n);
        expect(wider.low).toBeLessThanOrEqual(low);
        expect(wider.high).toBeGreaterThanOrEqual(high);
      }),
    );
  });

  test("is nothing of nothing, and refuses what is no share", () => {
    expect(wilsonInterval(0, 0)).toBeNull();
    expect(() => wilsonInterval(3, 2)).toThrow(RangeError);
  });
});

describe("a mean of clusters", () => {
  test("has statsmodels' cluster-robust standard error and interval", () => {
    const estimate = clusteredMean(first, clusters);
    expect(estimate).toMatchObject({ n: 10, clusters: 6 });
    expect(estimate.standardError).toBeCloseTo(0.05370139662988291, 12);
    expect(estimate.interval!.low).toBeCloseTo(0.55595617, 8);
    expect(estimate.interval!.high).toBeCloseTo(0.83204383, 8);
  });

  test("with a cluster for each value is the plain mean", () => {
    const { clusters: _, ...plain } = clusteredMean(first, [...first.keys()]);
    const estimate = estimateMean(first);
    expect(plain.standardError).toBeCloseTo(estimate.standardError!, 12);
    expect(plain.interval!.low).toBeCloseTo(estimate.interval!.low, 12);
  });

  test("does not become surer by repeating every value", () => {
    const repeated = first.flatMap((value) => [value, value, value]);
    const estimate = clusteredMean(
      repeated,
      [...repeated.keys()].map((index) => Math.floor(index / 3)),
    );
    expect(estimate.standardError).toBeCloseTo(estimateMean(first).standardError!, 12);
    expect(estimate.interval!.low).toBeCloseTo(estimateMean(first).interval!.low, 12);
  });

  test("refuses values without a cluster, and tells nothing of one cluster", () => {
    expect(() => clusteredMean([1, 2], ["a"])).toThrow(RangeError);
    expect(clusteredMean([1, 2], ["a", "a"])).toMatchObject({ clusters: 1, mean: 1.5, interval: null });
  });
});

describe("a mean score's interval", () => {
  const shares = (values: readonly number[], of: readonly (string | number)[]) =>
    scoreInterval(clusteredSums(values, of), true)!;

  test("of independent verdicts is Wilson's", () => {
    const [found, wilson] = [shares([1, 1, 0, 1, 0], [1, 2, 3, 4, 5]), wilsonInterval(3, 5)!];
    expect([found.low, found.high]).toEqual([expect.closeTo(wilson.low, 12), expect.closeTo(wilson.high, 12)]);
  });

  test("of clustered verdicts is Wilson's of as many as they are worth", () => {
    const of = ["a", "a", "b", "b", "c", "c", "d"];
    // A design effect of 1.4966 and quantiles of 2.4469 and 3.1824 make 2.7652 of 7.
    const found = shares([1, 0, 1, 1, 0, 0, 1], of);
    expect([found.low, found.high]).toEqual([expect.closeTo(0.15025853, 8), expect.closeTo(0.90953241, 8)]);
  });

  test("stays within 0 and 1, is no surer than of independent verdicts, and of equal ones than of a verdict a cluster", () => {
    const ones = (count: number): readonly number[] => Array.from({ length: count }, () => 1);
    expect(shares(ones(11), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0])).toEqual(wilsonInterval(10, 10));
    expect(shares(ones(4), ["a", "a", "a", "a"])).toEqual(wilsonInterval(1, 1));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1), fc.nat(5)), { minLength: 1, maxLength: 40 }), (pairs) => {
        const values = pairs.map(([value]) => value);
        const { low, high } = shares(
          values,
          pairs.map(([, cluster]) => cluster),
        );
        const wilson = wilsonInterval(values.filter((value) => value === 1).length, values.length)!;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(wilson.low + 1e-12);
        expect(high).toBeGreaterThanOrEqual(wilson.high - 1e-12);
      }),
    );
  });

  test("of other scores is that of their mean, cut at 0 and 1; of one cluster, and of equal scores, there is none", () => {
    const values = [0.9, 0.95, 0.2, 1];
    const { interval } = clusteredMean(values, [1, 2, 3, 4]);
    expect(interval!.high).toBeGreaterThan(1);
    expect(scoreInterval(clusteredSums(values, [1, 2, 3, 4]), false)).toEqual({
      low: expect.closeTo(interval!.low, 12),
      high: 1,
    });
    expect(scoreInterval(clusteredSums(values, [1, 1, 1, 1]), false)).toBeNull();
    expect(scoreInterval(clusteredSums([0.7, 0.7, 0.7], [1, 2, 3]), false)).toBeNull();
  });
});

describe("a paired difference", () => {
  test("has SciPy's interval, p and correlation", () => {
    const difference = pairedDifference(first, second);
    expect(difference.mean).toBeCloseTo(0.058, 12);
    expect(difference.standardError).toBeCloseTo(0.022350739485653602, 12);
    expect(difference.interval!.low).toBeCloseTo(0.007439114578692015, 10);
    expect(difference.interval!.high).toBeCloseTo(0.10856088542130796, 10);
    expect(difference.p).toBeCloseTo(0.02897522979117605, 10);
    expect(difference.correlation).toBeCloseTo(0.9676958634225189, 12);
  });

  test("with clusters has statsmodels' interval and p", () => {
    const difference = pairedDifference(first, second, { clusters });
    expect(difference.standardError).toBeCloseTo(0.02297825, 8);
    expect(difference.interval!.low).toBeCloseTo(-0.00106747, 8);
    expect(difference.p).toBeCloseTo(0.05290762, 8);
  });

  test("the other way round is its negative", () => {
    const there = pairedDifference(first, second);
    const back = pairedDifference(second, first);
    expect(back.mean).toBeCloseTo(-there.mean!, 15);
    expect(back.interval!.low).toBeCloseTo(-there.interval!.high, 15);
    expect(back.p).toBeCloseTo(there.p!, 15);
  });

  test("that is the same in every row tells neither p nor an interval, also where rounding spreads it", () => {
    for (const [after, before] of [
      [
        [1, 1],
        [0, 0],
      ],
      [
        [0.9, 0.8, 0.3],
        [0.8, 0.7, 0.2],
      ],
    ] as const)
      expect(pairedDifference(after, before)).toMatchObject({ standardError: 0, interval: null, p: null });
  });

  test("of equal lists is 0 and gives no p; of lists of other lengths there is none", () => {
    expect(pairedDifference([1, 0, 1], [1, 0, 1])).toMatchObject({
      mean: 0,
      standardError: 0,
      interval: { low: 0, high: 0 },
      p: null,
    });
    expect(() => pairedDifference([1], [1, 2])).toThrow(RangeError);
  });
});

describe("McNemar's exact test", () => {
  test.each([
    [5, 1, 0.21875],
    [10, 2, 0.03857421875],
    [0, 6, 0.03125],
    [25, 12, 0.04703102743951604],
    [3, 3, 1],
    [40, 90, 1.3715068445175432e-5],
    [0, 0, 1],
  ])("for %d against %d is SciPy's binomial test", (onlyFirst, onlySecond, p) => {
    expect(mcnemarProbability(onlyFirst, onlySecond)).toBeCloseTo(p, 12);
    expect(mcnemarProbability(onlySecond, onlyFirst)).toBeCloseTo(p, 12);
  });

  test("counts only the rows on which the two differ", () => {
    expect(mcnemarTest([true, true, false, false], [true, false, true, false])).toEqual({
      onlyFirst: 1,
      onlySecond: 1,
      p: 1,
    });
    expect(() => mcnemarTest([true], [])).toThrow(RangeError);
  });
});

test("Holm's adjustment is statsmodels'", () => {
  const adjusted = holmAdjust([0.01, 0.04, 0.03, 0.005, 0.9]);
  [0.04, 0.09, 0.09, 0.025, 0.9].forEach((p, index) => expect(adjusted[index]).toBeCloseTo(p, 12));
  expect(holmAdjust([])).toEqual([]);
});

test("power says what could be found, and how many rows it takes", () => {
  expect(smallestDetectableDifference(0.01)).toBeCloseTo(0.02801585218112968, 12);
  expect(rowsNeeded(0.05, 0.5)).toBe(785);
  expect(rowsNeeded(0, 0.5)).toBe(Infinity);
});
