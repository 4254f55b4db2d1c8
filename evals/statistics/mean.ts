import { around, checkConfidence, usualConfidence, type Interval } from "./interval.ts";
import { studentQuantile } from "./special-functions.ts";

/** A mean and how sure it is. What one value, or none, cannot tell is null. */
export interface MeanEstimate {
  /** How many values. */
  readonly n: number;
  readonly mean: number | null;
  readonly standardError: number | null;
  readonly interval: Interval | null;
}

/** The arithmetic mean; null of nothing. */
export function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const first = values.reduce((sum, value) => sum + value, 0) / values.length;
  // A second pass takes back what the first one lost to rounding.
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
}

/** The sample's standard deviation, with n − 1 in the denominator; null of fewer than two values. */
export function standardDeviation(values: readonly number[]): number | null {
  const center = mean(values);
  if (center === null || values.length < 2) return null;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

/**
 * The mean with its standard error s/√n and Student's interval mean ± t(n − 1)·s/√n (Miller 2024, arXiv 2411.00640,
 * section 2.1, with Student's t for small n). For shares of yes and no use `wilsonInterval`; for values that are not
 * independent `clusteredMean`.
 */
export function estimateMean(values: readonly number[], confidence = usualConfidence): MeanEstimate {
  checkConfidence(confidence);
  const center = mean(values);
  const deviation = standardDeviation(values);
  if (center === null || deviation === null)
    return { n: values.length, mean: center, standardError: null, interval: null };
  const standardError = deviation / Math.sqrt(values.length);
  const margin = studentQuantile((1 + confidence) / 2, values.length - 1) * standardError;
  return { n: values.length, mean: center, standardError, interval: around(center, margin) };
}
