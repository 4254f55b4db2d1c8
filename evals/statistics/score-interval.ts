import { clusteredMeanOf, type ClusteredSums } from "./clustered-mean.ts";
import { usualConfidence, within, type Interval } from "./interval.ts";
import { studentQuantile } from "./special-functions.ts";
import { wilsonInterval } from "./wilson.ts";

/**
 * The 95 % interval of a mean of scores, within 0…1; null where they cannot tell one. Of verdicts, all 0 or 1, it is Wilson's with
 * the effective sample size in place of n: n by the design effect (Kish 1965, Survey Sampling), times the square of
 * t(n − 1)/t(C − 1) for few clusters (Korn and Graubard 1998, Survey Methodology 24:193–201), at most n. Verdicts without spread
 * between their clusters are worth one a cluster, independent ones n. Of other scores it is `clusteredMean`'s.
 */
export function scoreInterval(sums: ClusteredSums, areVerdicts: boolean): Interval | null {
  const { n, mean, standardError, interval } = clusteredMeanOf(sums);
  if (mean === null) return null;
  if (areVerdicts) {
    const size = effectiveSize(sums.clusters, n, mean, standardError);
    return wilsonInterval(mean * size, size);
  }
  return within(interval, 0, 1);
}

function effectiveSize(clusters: number, n: number, share: number, standardError: number | null): number {
  if (standardError === null || standardError === 0) return clusters;
  const independent = (share * (1 - share)) / (n - 1);
  const quantile = (degrees: number): number => studentQuantile((1 + usualConfidence) / 2, degrees);
  return Math.min(n, n * (independent / standardError ** 2) * (quantile(n - 1) / quantile(clusters - 1)) ** 2);
}
