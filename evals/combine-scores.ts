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
  const names = namesApart(checks.map(({ name }) => name));
  const named = checks.map((check, index) => ({ ...check, name: names[index]! }));
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

/** Names of checks told apart: the second of two of one name is `contains 2`. */
export function namesApart(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  for (const own of names) {
    let name = own;
    for (let number = 2; taken.has(name); number += 1) name = `${own} ${number}`;
    taken.add(name);
  }
  return [...taken];
}
