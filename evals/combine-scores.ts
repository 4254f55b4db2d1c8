import { isAtLeast } from "#server/notebook/is-at-least.ts";
import type { Score } from "#server/notebook/value.ts";

/** A check's verdict and how much it counts. */
export interface WeightedScore {
  readonly name: string;
  readonly weight: number;
  readonly score: Score;
}

/**
 * The verdict of several checks: the weighted mean of their scores. It passes where every check that counts passes, or,
 * with a threshold, where the mean reaches it. Where one that counts cannot be scored the whole cannot, because a mean
 * of the others would mean something else on that row. One check is its own verdict.
 */
export function combineScores(checks: readonly WeightedScore[], threshold?: number): Score {
  const [only] = checks;
  if (checks.length === 1 && only !== undefined && threshold === undefined) return only.score;
  const named = nameApart(checks);
  const all = Object.fromEntries(named.map(({ name, score }) => [name, score]));
  const counting = named.filter((check) => check.weight > 0);
  if (counting.length === 0) return { score: null, pass: null, reason: "no check counts", checks: all };
  const unscored = counting.filter(({ score }) => score.score === null);
  if (unscored.length > 0) return { score: null, pass: null, reason: reasons(unscored), checks: all };
  const weights = counting.reduce((sum, { weight }) => sum + weight, 0);
  const score = Math.min(1, counting.reduce((sum, check) => sum + check.score.score! * check.weight, 0) / weights);
  const failed = counting.filter((check) => check.score.pass !== true);
  const pass = threshold === undefined ? failed.length === 0 : isAtLeast(score, threshold);
  const verdict = failed.length === 0 ? `all ${counting.length} checks pass` : reasons(failed);
  const reason = threshold === undefined ? verdict : `${score.toFixed(3)} of ${threshold} wanted; ${verdict}`;
  return { score, pass, reason, checks: all };
}

function reasons(checks: readonly WeightedScore[]): string {
  return checks.map(({ name, score }) => `${name}: ${score.reason}`).join("; ");
}

/** The second of two checks of one name is `contains 2`. */
function nameApart(checks: readonly WeightedScore[]): WeightedScore[] {
  const taken = new Set<string>();
  return checks.map((check) => {
    let name = check.name;
    for (let number = 2; taken.has(name); number += 1) name = `${check.name} ${number}`;
    taken.add(name);
    return { ...check, name };
  });
}
