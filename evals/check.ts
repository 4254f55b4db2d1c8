import { isMapping } from "#server/notebook/is-mapping.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { nearestName } from "#server/notebook/nearest-name.ts";
import type { Score } from "#server/notebook/value.ts";
import type { Example, Scorer } from "./scorer.ts";
import { scorers, type ScorerName } from "./scorers/index.ts";

/** One item of a list of checks: a scorer with what it is about, and how it counts. */
export interface Check {
  readonly scorer: Scorer<ScorerName>;
  /** `not-contains`: the score is 1 less the scorer's, and passes where the scorer's does not. */
  readonly negated: boolean;
  /** What stands behind the scorer's name; `=` expressions in it are computed before `runCheck`. */
  readonly options: unknown;
  /** What its verdict is called among several; the scorer's name where nothing is said. */
  readonly name: string;
  readonly threshold: number | undefined;
  /** How much it counts among several; 0 is shown and does not count. */
  readonly weight: number;
}

/** What may stand beside a scorer in a check. */
export const checkSettings: readonly string[] = ["name", "threshold", "weight"];

/**
 * Reads one item of a list of checks: `equals`, `contains: refund`, or with how it counts beside it
 * `{ not-contains: sorry, weight: 2, threshold: 1, name: polite }`. Throws `score.check` where it is none.
 */
export function parseCheck(item: unknown): Check {
  if (typeof item === "string") return toCheck(item, undefined, {});
  if (!isMapping(item))
    throw new SheafError("score.check", `a check is a scorer's name, not ${JSON.stringify(item)}`, {
      cure: knownNames(),
    });
  const entries = Object.entries(item);
  const own = entries.filter(([key]) => !checkSettings.includes(key));
  if (own.length !== 1)
    throw new SheafError(
      "score.check",
      `a check has one scorer, not ${own.length}: ${own.map(([key]) => key).join(", ")}`,
      {
        cure: "Begin each check with its own dash.",
      },
    );
  const [name, options] = own[0]!;
  return toCheck(name, options, item);
}

function toCheck(word: string, options: unknown, item: object): Check {
  const negated = word.startsWith("not-");
  const plainName = negated ? word.slice("not-".length) : word;
  const scorer = scorers.find((scorer) => scorer.name === plainName);
  if (scorer === undefined) {
    const near = nearestName(
      plainName,
      scorers.map((one) => one.name),
    );
    throw new SheafError("score.check", `there is no scorer ${word}`, {
      cure: near === null ? knownNames() : `Did you mean \`${negated ? "not-" : ""}${near}\`?`,
    });
  }
  const { name = word, threshold, weight = 1 } = item as { name?: unknown; threshold?: unknown; weight?: unknown };
  if (typeof name !== "string")
    throw new SheafError("score.check", `${word}: its name is a text`, { cure: "Write it as in `name: polite`." });
  if (threshold !== undefined && !isNumber(threshold, 1))
    throw new SheafError("score.check", `${word}: its threshold is a number from 0 to 1`, {
      cure: "Write it as in `threshold: 0.8`.",
    });
  if (!isNumber(weight, Number.MAX_VALUE))
    throw new SheafError("score.check", `${word}: its weight is a number, at least 0`, {
      cure: "Write it as in `weight: 2`.",
    });
  return { scorer, negated, options, name, threshold, weight };
}

function isNumber(value: unknown, most: number): value is number {
  return typeof value === "number" && value >= 0 && value <= most;
}

function knownNames(): string {
  return `The scorers are ${scorers.map((scorer) => scorer.name).join(", ")}, each also with not- before it.`;
}

/** The verdict of one check on a case. A case that cannot be scored cannot be scored negated either. */
export async function runCheck(check: Check, example: Omit<Example, "options" | "threshold">): Promise<Score> {
  const { scorer, options, threshold } = check;
  const { score, pass, reason } = await scorer.score({ ...example, options, threshold });
  if (!check.negated || score === null) return { score, pass, reason };
  return { score: 1 - score, pass: !pass, reason };
}
