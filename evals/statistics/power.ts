import { normalQuantile } from "./special-functions.ts";

/** The chance of a false alarm, and of finding a difference that is there. */
export interface PowerOptions {
  /** Two-sided; 0.05 where nothing is said. */
  readonly significance?: number;
  /** 0.8 where nothing is said. */
  readonly power?: number;
}

/**
 * The smallest difference a comparison with this standard error would find, in the scores' own unit:
 * (z(1 − α/2) + z(power)) · standard error (Miller 2024, arXiv 2411.00640, section 5). A smaller one may well be there.
 */
export function smallestDetectableDifference(standardError: number, options: PowerOptions = {}): number {
  return quantiles(options) * standardError;
}

/** How many rows it takes to find a `difference`, where single differences deviate by `deviation`: the same formula for n. */
export function rowsNeeded(difference: number, deviation: number, options: PowerOptions = {}): number {
  if (difference === 0) return Infinity;
  return Math.ceil(((quantiles(options) * deviation) / difference) ** 2);
}

function quantiles({ significance = 0.05, power = 0.8 }: PowerOptions): number {
  return normalQuantile(1 - significance / 2) + normalQuantile(power);
}
