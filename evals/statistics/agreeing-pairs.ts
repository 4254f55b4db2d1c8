import { checkConfidence, usualConfidence, type Interval } from "./interval.ts";
import { mcnemarProbability } from "./mcnemar.ts";

/**
 * How sure it is that one side passes where the other fails, when that was so in each of so many independent pairs: they have no spread, so
 * Student's interval would claim certainty. A pair favours the one side by a chance whose exact lower end is (α/2)^(1/n) (Clopper and
 * Pearson 1934, Biometrika 26:404–413); the difference is twice that less 1, and above 0 where McNemar's exact `p` is below α.
 */
export function agreeingPairs(
  pairs: number,
  confidence = usualConfidence,
): { readonly interval: Interval; readonly p: number } {
  checkConfidence(confidence);
  return {
    interval: { low: 2 * ((1 - confidence) / 2) ** (1 / pairs) - 1, high: 1 },
    p: mcnemarProbability(pairs, 0),
  };
}
