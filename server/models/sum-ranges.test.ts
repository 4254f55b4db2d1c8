import { describe, expect, test } from "vitest";
import { chance, normalBy } from "./__fixtures__/chance.ts";
import type { PastCalls } from "./call-history.ts";
import { foretellOutput, type Foretold } from "./predict-calls.ts";
import { sumRanges } from "./sum-ranges.ts";

const rows = 200;
const known = 20;
const most = 400;

/** So many cells answer the same rows; the first rows foretell the rest, many times over: how often the sum's range held the truth, and its mean half width. */
function tried(cells: number, together: number): { readonly held: number; readonly halfWidth: number } {
  const random = chance(7);
  const normal = normalBy(random);
  const times = 1_000;
  let held = 0;
  let widths = 0;
  for (let time = 0; time < times; time += 1) {
    const ofRows = Array.from({ length: rows }, normal);
    const lengths = Array.from({ length: cells }, () =>
      ofRows.map((row) =>
        Math.min(most, 100 * Math.exp(0.4 * (Math.sqrt(together) * row + Math.sqrt(1 - together) * normal()))),
      ),
    );
    const range = sumRanges(lengths.map((outputs) => foretell(outputs.slice(0, known))));
    const truth = lengths.flatMap((outputs) => outputs.slice(known)).reduce((sum, output) => sum + output, 0);
    if (range.low <= truth && truth <= range.high) held += 1;
    widths += (range.high - range.low) / 2 / range.likely;
  }
  return { held: held / times, halfWidth: widths / times };
}

/** A cell's answers to the rest of the rows, foretold from those to the first. */
function foretell(outputs: readonly number[], from: PastCalls["from"] = "place"): Foretold {
  const calls = outputs.map((output, row) => ({
    characters: 100,
    latency: 1,
    usage: { output },
    row: `{rows=${row}}`,
  }));
  const count = rows - known;
  const limits = Array.from({ length: count }, () => most);
  return foretellOutput({ count, characters: 100 * count, limits, times: 1 }, { from, calls });
}

describe("the sum of what several cells come to over the same rows", () => {
  test.each([0, 0.3, 0.9])(
    "holds the truth in 9 of 10, also where long answers of one cell go with long ones of the others (%d)",
    (together) => {
      expect(tried(4, together).held).toBeGreaterThanOrEqual(0.9);
    },
  );

  test("is the surer the more cells answer by themselves, and hardly where they answer alike", () => {
    const one = tried(1, 0).halfWidth;
    expect(tried(4, 0).halfWidth).toBeLessThan(0.65 * one);
    expect(tried(4, 0.9).halfWidth).toBeGreaterThan(0.75 * one);
  });

  test("is no surer where long answers of one cell are, by chance, short ones of another", () => {
    const one = [60, 80, 100, 120, 140, 160];
    const width = (rows: readonly number[]): number => {
      const { low, high } = sumRanges([foretell(one), foretell(rows)]);
      return high - low;
    };
    const unrelated = [120, 80, 160, 60, 140, 100];
    expect(width(one.toReversed())).toBeCloseTo(width(unrelated));
    expect(width(one)).toBeGreaterThan(1.2 * width(unrelated));
  });

  test("goes as far up and down with what is certain beside it", () => {
    const all = [foretell([90, 120, 100, 300]), foretell([30, 40, 350, 60])];
    const { low, high } = sumRanges(all);
    const certain = 5_000;
    const beside = sumRanges(
      all.map(({ range, ...rest }) => ({
        ...rest,
        range: { low: range.low + certain, likely: range.likely + certain, high: range.high + certain },
      })),
    );
    expect(beside.low - 2 * certain).toBeCloseTo(low);
    expect(beside.high - 2 * certain).toBeCloseTo(high);
  });

  test("of one is its own range", () => {
    const one = foretell([90, 120, 100, 300]);
    expect(sumRanges([one])).toEqual(one.range);
  });

  test("is never beyond the most that all can come to", () => {
    const high = sumRanges([foretell([399, 400, 400, 380]), foretell([400, 400, 390, 400])]).high;
    expect(high).toBeLessThanOrEqual(2 * most * (rows - known));
  });

  test("is never beyond the least and the most that each comes to", () => {
    const lengths = Array.from({ length: 200 }, (_, row) => (row % 20 === 0 ? 2_000 : 20));
    const calls = lengths.map((output) => ({ characters: 10, latency: 1, usage: { output } }));
    const ahead = { count: 1, characters: 10, limits: [Infinity], times: 1 };
    const one = foretellOutput(ahead, { from: "place", calls });
    const { low, high } = sumRanges([one, one, one]);
    expect(low).toBeGreaterThanOrEqual(3 * one.range.low);
    expect(high).toBeLessThanOrEqual(3 * one.range.high);
  });

  test("is never beyond them where little is known of one cell and much of another that goes with it", () => {
    const little = foretell([10, 100, 200]);
    const much = foretell(Array.from({ length: 40 }, (_, row) => 2 * [10, 100, 200][row % 3]! - (row % 5)));
    const { low, high } = sumRanges([little, much]);
    expect(low).toBeGreaterThanOrEqual(little.range.low + much.range.low - 1e-6);
    expect(high).toBeLessThanOrEqual(little.range.high + much.range.high + 1e-6);
  });

  test("is as unsure as all of them together where they rest on other cells' calls", () => {
    const assumed = foretell([50, 100, 400], "notebook");
    const sum = sumRanges([assumed, assumed]);
    expect(sum.low).toBeCloseTo(2 * assumed.range.low);
    expect(sum.high).toBeCloseTo(2 * assumed.range.high);
  });
});
