import { fairCoinProbability } from "./special-functions.ts";

/** Two variants that each pass or fail the same rows. */
export interface McnemarResult {
  /** Rows that the first passes and the second fails, and the other way round. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Two-sided exact p; 1 where the variants never differ. */
  readonly p: number;
}

/**
 * McNemar's exact test: were the two equally good, each row on which they differ would favour either as a fair coin
 * falls (McNemar 1947, Psychometrika 12:153–157; the exact form is the binomial test). Rows of one cluster should be
 * given once. Throws a `RangeError` where the lists differ in length.
 */
export function mcnemarTest(first: readonly boolean[], second: readonly boolean[]): McnemarResult {
  if (first.length !== second.length)
    throw new RangeError(`a pair has two sides: there are ${first.length} and ${second.length} verdicts`);
  const onlyFirst = first.filter((pass, row) => pass && !second[row]).length;
  const onlySecond = second.filter((pass, row) => pass && !first[row]).length;
  return { onlyFirst, onlySecond, p: mcnemarProbability(onlyFirst, onlySecond) };
}

/** The two-sided exact p for the two counts of rows on which the variants differ. */
export function mcnemarProbability(onlyFirst: number, onlySecond: number): number {
  const differing = onlyFirst + onlySecond;
  if (differing === 0) return 1;
  return Math.min(1, 2 * fairCoinProbability(Math.min(onlyFirst, onlySecond), differing));
}
