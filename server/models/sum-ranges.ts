import type { Foretold, Sample } from "./predict-calls.ts";
import { quantile, type Range } from "./predict-total.ts";

/**
 * The sum of ranges. What is missed of some is made up for by others where each rests on calls of its own, but for what goes together in
 * the same rows: where one cell's answer is long, another's often is. What is assumed may be wrong of all of them the same way.
 * The sum's degrees of freedom are Welch's and Satterthwaite's, with what goes together counted in.
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

/** Each end is as far away as those of all are together (Zou and Donner's method of variance estimates recovery). */
function sumSampled(all: readonly { readonly range: Range; readonly sample: Sample }[]): Range {
  if (all.length === 1) return all[0]!.range;
  const likely = sumOf(all, ({ range }) => range.likely);
  const together = all.map(({ sample }, index) => [
    ...all.slice(0, index).map((before) => goTogether(sample, before.sample)),
    1,
  ]);
  /** The sum over all pairs, those of one with itself too. */
  const overPairs = (part: (one: number, other: number, alike: number) => number): number =>
    sumOf(together, (row, one) => sumOf(row, (alike, other) => (one === other ? 1 : 2) * part(one, other, alike)));
  const widths = all.map(({ range: { low, high }, sample }) => (high - low) / quantile(sample.degrees));
  const squares = sumOf(widths, (width) => width ** 2);
  if (squares === 0) return { low: likely, likely, high: likely };
  const fourths = overPairs(
    (one, other, alike) =>
      (widths[one]! * widths[other]! * alike) ** 2 / Math.sqrt(all[one]!.sample.degrees * all[other]!.sample.degrees),
  );
  const errors = quantile(squares ** 2 / fourths);
  const away = (end: "low" | "high"): number => {
    const offs = all.map(({ range }) => Math.abs(range[end] - range.likely));
    const inErrors = offs.map((off, index) => off / quantile(all[index]!.sample.degrees));
    const joined = errors * Math.sqrt(overPairs((one, other, alike) => inErrors[one]! * inErrors[other]! * alike));
    // Each has a least and a most that it can come to.
    return Math.min(
      joined,
      sumOf(offs, (off) => off),
    );
  };
  return { low: likely - away("low"), likely, high: likely + away("high") };
}

/**
 * How much is missed alike in the rows that both have, from 0 to 1: Pearson's correlation, as if one row more had none: a few go together by
 * chance. Some also go apart by chance, which makes no sum surer.
 */
function goTogether({ misses }: Sample, { misses: others }: Sample): number {
  const rows = [...misses.keys()].filter((row) => others.has(row));
  const product = sumOf(rows, (row) => misses.get(row)! * others.get(row)!);
  const lengths =
    Math.hypot(...rows.map((row) => misses.get(row)!)) * Math.hypot(...rows.map((row) => others.get(row)!));
  return lengths === 0 ? 0 : (Math.max(0, product / lengths) * rows.length) / (rows.length + 1);
}

function sumOf<Of>(all: readonly Of[], part: (one: Of, index: number) => number): number {
  return all.reduce((sum, one, index) => sum + part(one, index), 0);
}
