import { clusteredMean, type ClusteredEstimate } from "./clustered-mean.ts";
import { usualConfidence } from "./interval.ts";
import { mean } from "./mean.ts";
import { studentProbability } from "./special-functions.ts";

/** Two variants compared on the same rows. `mean` is the first's mean less the second's. */
export interface PairedDifference extends ClusteredEstimate {
  /** Two-sided p of Student's paired test; null where all differences are equal or there are fewer than two. */
  readonly p: number | null;
  /** Pearson's correlation of the pairs: the more, the less noise the pairing left. Null where one side does not vary. */
  readonly correlation: number | null;
}

/**
 * Compares two lists of scores row by row: the mean difference with its interval (Miller 2024, arXiv 2411.00640,
 * section 4.2). Pairing removes what makes rows easy or hard for both. Rows of one cluster count once, as in
 * `clusteredMean`; without clusters each row is its own. For yes and no the exact test is `mcnemarTest`.
 */
export function pairedDifference(
  first: readonly number[],
  second: readonly number[],
  { clusters = first.map((_, row) => row), confidence = usualConfidence }: PairedOptions = {},
): PairedDifference {
  if (first.length !== second.length)
    throw new RangeError(`a pair has two sides: there are ${first.length} and ${second.length} scores`);
  const differences = first.map((score, row) => score - second[row]!);
  const estimate = clusteredMean(differences, clusters, confidence);
  return { ...estimate, p: pairedProbability(estimate), correlation: correlation(first, second) };
}

export interface PairedOptions {
  /** The cluster of each row. */
  readonly clusters?: readonly (string | number)[];
  readonly confidence?: number;
}

/** The two-sided p of Student's paired test for an estimate of the mean difference; null where all differences are equal or there are fewer than two. */
export function pairedProbability({ mean, standardError, clusters }: ClusteredEstimate): number | null {
  if (mean === null || standardError === null || standardError === 0) return null;
  return 2 * studentProbability(-Math.abs(mean / standardError), clusters - 1);
}

function correlation(first: readonly number[], second: readonly number[]): number | null {
  const firstMean = mean(first);
  const secondMean = mean(second);
  if (firstMean === null || secondMean === null) return null;
  let product = 0;
  let firstSquared = 0;
  let secondSquared = 0;
  first.forEach((score, row) => {
    product += (score - firstMean) * (second[row]! - secondMean);
    firstSquared += (score - firstMean) ** 2;
    secondSquared += (second[row]! - secondMean) ** 2;
  });
  const scale = Math.sqrt(firstSquared * secondSquared);
  return scale === 0 ? null : product / scale;
}
