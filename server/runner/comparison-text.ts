import type { Interval } from "#evals/statistics/interval.ts";
import type { Coordinates } from "#server/notebook/address.ts";

/** What a comparison found. */
export interface Compared {
  readonly first: Coordinates;
  readonly second: Coordinates;
  readonly n: number;
  readonly rows: number;
  readonly clusters: number;
  readonly difference: number | null;
  readonly interval: Interval | null;
  readonly p: number | null;
  /** Whether p is McNemar's. */
  readonly exact: boolean;
  /** Whether the numbers are verdicts: then differences are said in points. */
  readonly verdicts: boolean;
}

/** A comparison in one sentence: `small is above big on 122 of 200 rows: +12.3 points (+3.1 to +21.5), exact McNemar p = 0.004.` */
export function comparisonText(compared: Compared): string {
  const { first, second, n, rows, clusters, difference, interval, p, exact, verdicts } = compared;
  const [one, other] = namesOf(first, second);
  const shared = `${n} of ${rows} ${rows === 1 ? "row" : "rows"}`;
  if (difference === null) return `${one} and ${other} cannot be compared yet: no row has a number of both.`;
  const amount = (value: number): string => signed(verdicts ? value * 100 : value, verdicts ? 1 : 3);
  if (clusters < 2) return `${one} and ${other} cannot be compared yet: they share ${shared}.`;
  if (p === null) {
    const what = difference === 0 ? "are equal" : `differ by ${amount(difference)}${verdicts ? " points" : ""}`;
    return `${one} and ${other} ${what} on all of the rows they share, ${shared}.`;
  }
  const byTest = p < 0.05;
  // Of few rows the exact test and the interval may disagree. Where all rows differ alike there is the test alone.
  const byInterval = interval === null ? byTest : interval.low > 0 || interval.high < 0;
  const found =
    byTest || byInterval
      ? `${one} ${byTest && byInterval ? "is" : "may be"} ${difference > 0 ? "above" : "below"} ${other}`
      : `No difference could be seen between ${one} and ${other}`;
  const bounds = interval === null ? "" : ` (${amount(interval.low)} to ${amount(interval.high)})`;
  const figures = `${amount(difference)}${verdicts ? " points" : ""}${bounds}`;
  return `${found} on ${shared}: ${figures}, ${exact ? "exact McNemar" : "paired t"} ${probability(p)}.`;
}

/** The labels in which two variants differ; all of them where they differ in no axis they share. */
function namesOf(first: Coordinates, second: Coordinates): readonly [string, string] {
  const names = [first, second].map((at, index) => {
    const other = index === 0 ? second : first;
    const own = Object.entries(at).filter(([axis, label]) => other[axis] !== label);
    return (own.length === 0 ? Object.entries(at) : own).map(labelWords).join(" ");
  });
  return names as [string, string];
}

/** A label by itself, and with its axis where it is a number or a truth: `small`, `shots 5`. */
function labelWords([axis, label]: readonly [string, string]): string {
  return /^(?:-?\d+(?:\.\d+)?|true|false)$/.test(label) ? `${axis} ${label}` : label;
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : `${value < 0 ? "−" : "+"}${text}`;
}

function probability(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${Number(p.toPrecision(2))}`;
}
