import type { LanguageRecord } from "#server/language/index.ts";
import type { ResultSummary } from "#server/notebook/cell-kind.ts";
import { pairedDifference } from "./statistics/paired-difference.ts";

/**
 * What `paired(left, right)` gives: how two columns' numbers differ over the rows they share. `mean` is the first's mean less the
 * second's, `low` and `high` its 95 % interval, `p` as in `pairedDifference`.
 */
export function pairedResults(left: ResultSummary, right: ResultSummary): LanguageRecord {
  const others = new Map(right.values.map((entry) => [entry.row, entry.value]));
  const pairs = left.values.filter(({ row }) => others.has(row));
  const first = pairs.map(({ value }) => value);
  const second = pairs.map(({ row }) => others.get(row)!);
  const { n, mean, interval, p } = pairedDifference(first, second, { clusters: pairs.map(({ cluster }) => cluster) });
  return { n, mean, low: interval?.low ?? mean, high: interval?.high ?? mean, p };
}
