import { checkConfidence, usualConfidence, type Interval } from "./interval.ts";
import { normalQuantile } from "./special-functions.ts";

/**
 * Wilson's score interval for a share: `successes` of `n`, whole or of an effective n. It stays within 0…1 and holds for small n and
 * shares near the ends, where mean ± 1.96 standard errors does not (Wilson 1927, JASA 22:209–212). Null for n = 0.
 */
export function wilsonInterval(successes: number, n: number, confidence = usualConfidence): Interval | null {
  checkConfidence(confidence);
  if (!(successes >= 0 && successes <= n)) throw new RangeError(`${successes} of ${n} is no share`);
  if (n === 0) return null;
  const z = normalQuantile((1 + confidence) / 2);
  const share = successes / n;
  const denominator = 1 + z ** 2 / n;
  const center = (share + z ** 2 / (2 * n)) / denominator;
  const margin = (z / denominator) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  // At the ends the bound is exact, and rounding must not say otherwise.
  return {
    low: successes === 0 ? 0 : Math.max(0, center - margin),
    high: successes === n ? 1 : Math.min(1, center + margin),
  };
}
