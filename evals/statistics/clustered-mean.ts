import { around, checkConfidence, usualConfidence } from "./interval.ts";
import { mean, type MeanEstimate } from "./mean.ts";
import { studentQuantile } from "./special-functions.ts";

/** A mean whose values come in clusters. */
export interface ClusteredEstimate extends MeanEstimate {
  /** How many clusters: what n would be if each cluster were one value. */
  readonly clusters: number;
}

/**
 * The mean of values of which those of one cluster are not independent: rows with the same request and so the same
 * answer, repeats of a row, questions about one passage. The standard error is √(C/(C−1) · Σc(Σi(xi − mean))²)/n with C
 * clusters (Miller 2024, arXiv 2411.00640, section 2.2, with the correction for few clusters of Cameron and Miller
 * 2015), the interval Student's with C − 1 degrees of freedom. Without spread there is none, for it would claim
 * certainty, except where all is 0. With a cluster for each value it is `estimateMean`. Throws a `RangeError` where not
 * every value has a cluster.
 */
export function clusteredMean(
  values: readonly number[],
  clusters: readonly (string | number)[],
  confidence = usualConfidence,
): ClusteredEstimate {
  return clusteredMeanOf(clusteredSums(values, clusters), confidence);
}

/** What `clusteredMeanOf` takes, of values that are here. Throws a `RangeError` where not every value has a cluster. */
export function clusteredSums(values: readonly number[], clusters: readonly (string | number)[]): ClusteredSums {
  if (values.length !== clusters.length)
    throw new RangeError(`${values.length} values have ${clusters.length} clusters: each needs one`);
  const center = mean(values);
  const residuals = new Map<string | number, number>();
  values.forEach((value, index) => {
    const cluster = clusters[index]!;
    residuals.set(cluster, (residuals.get(cluster) ?? 0) + value - center!);
  });
  const squares = [...residuals.values()].reduce((sum, residual) => sum + residual ** 2, 0);
  return { n: values.length, mean: center, clusters: residuals.size, squares };
}

/** What a clustered mean comes from, where the values themselves are elsewhere. */
export interface ClusteredSums {
  readonly n: number;
  /** Null where n is 0. */
  readonly mean: number | null;
  readonly clusters: number;
  /** Σc(Σi(xi − mean))². */
  readonly squares: number;
}

/** `clusteredMean` from sums that were taken where the values are. */
export function clusteredMeanOf(sums: ClusteredSums, confidence = usualConfidence): ClusteredEstimate {
  checkConfidence(confidence);
  const { n, mean: center, clusters, squares } = sums;
  if (center === null || clusters < 2) return { n, clusters, mean: center, standardError: null, interval: null };
  const spread = Math.sqrt((clusters / (clusters - 1)) * squares) / n;
  // What rounding leaves is no spread.
  const standardError = spread < 1e-10 * Math.abs(center) ? 0 : spread;
  const margin = studentQuantile((1 + confidence) / 2, clusters - 1) * standardError;
  const interval = standardError === 0 && center !== 0 ? null : around(center, margin);
  return { n, clusters, mean: center, standardError, interval };
}
