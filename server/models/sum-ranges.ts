import type { Foretold, Sample } from "./predict-calls.ts";
import { errorOf, rangeAround, type Range } from "./predict-total.ts";

/**
 * The sum of ranges. What is missed of some is made up for by others where each rests on calls of its own, but for what goes together in
 * the same rows: where one cell's answer is long, another's often is. What is assumed may be wrong of all of them the same way.
 * The sum's degrees of freedom are Welch's and Satterthwaite's.
 */
export function sumRanges(all: readonly Foretold[]): Range {
  const sampled = all.flatMap(({ range, sample }) => (sample === undefined ? [] : [{ range, sample }]));
  const own = all.filter(({ sample, basis }) => sample === undefined && (basis === "place" || basis === "tokenizer"));
  const others = all.filter(({ sample, basis }) => sample === undefined && basis !== "place" && basis !== "tokenizer");
  const ranges = [...(sampled.length === 0 ? [] : [sumSampled(sampled)]), ...own.map(({ range }) => range)];
  const likely = all.reduce((sum, { range }) => sum + range.likely, 0);
  const away = (end: "low" | "high"): number => {
    const off = (range: Range): number => Math.abs(range[end] - range.likely);
    return Math.hypot(...ranges.map(off)) + others.reduce((sum, { range }) => sum + off(range), 0);
  };
  return { low: likely - away("low"), likely, high: likely + away("high") };
}

function sumSampled(all: readonly { readonly range: Range; readonly sample: Sample }[]): Range {
  if (all.length === 1) return all[0]!.range;
  const errors = all.map(({ range, sample }) => errorOf(range, sample.degrees));
  const squares = sumOf(errors, (error) => error ** 2);
  const covariances = sumOf(errors, (error, index) =>
    sumOf(errors.slice(0, index), (other, before) => {
      return 2 * error * other * goTogether(all[index]!.sample, all[before]!.sample);
    }),
  );
  const fourths = sumOf(errors, (error, index) => error ** 4 / all[index]!.sample.degrees);
  const likely = sumOf(all, ({ range }) => range.likely);
  if (squares === 0) return { low: likely, likely, high: likely };
  const range = rangeAround(likely, Math.sqrt(Math.max(0, squares + covariances)), squares ** 2 / fourths);
  // Each has a least and a most that it can come to.
  return {
    low: Math.max(
      range.low,
      sumOf(all, ({ range: { low } }) => low),
    ),
    likely,
    high: Math.min(
      range.high,
      sumOf(all, ({ range: { high } }) => high),
    ),
  };
}

/** How much is missed alike in the rows that both have, from -1 to 1: Pearson's correlation, as if one row more had none: a few go together by chance. */
function goTogether({ misses }: Sample, { misses: others }: Sample): number {
  const rows = [...misses.keys()].filter((row) => others.has(row));
  const product = sumOf(rows, (row) => misses.get(row)! * others.get(row)!);
  const lengths =
    Math.hypot(...rows.map((row) => misses.get(row)!)) * Math.hypot(...rows.map((row) => others.get(row)!));
  return lengths === 0 ? 0 : ((product / lengths) * rows.length) / (rows.length + 1);
}

function sumOf<Of>(all: readonly Of[], part: (one: Of, index: number) => number): number {
  return all.reduce((sum, one, index) => sum + part(one, index), 0);
}
