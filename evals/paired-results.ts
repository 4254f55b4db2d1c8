import { Fault, type LanguageRecord } from "#server/language/index.ts";
import { repeatAxis } from "#server/notebook/axis.ts";
import type { ResultNumber, ResultSummary } from "#server/notebook/cell-kind.ts";
import { within } from "./statistics/interval.ts";
import { mean as meanOf } from "./statistics/mean.ts";
import { agreeingPairs } from "./statistics/agreeing-pairs.ts";
import { pairedDifference, type PairedDifference } from "./statistics/paired-difference.ts";
import { unitClusters } from "./unit-clusters.ts";

/**
 * What `paired(left, right)` gives: how two cells' numbers differ where they are of the same row, and of the same label of each
 * axis that neither side fixes by `.at`. Over an axis that one side alone leaves open it is its mean. `n` counts pairs, `mean` is
 * the first's mean less the second's, `low` and `high` its 95 % interval, of verdicts within −1…1, `p` as in `pairedDifference`, null where the pairs do not
 * tell them: fewer than two independent ones, or all of the same difference that is not 0. Of verdicts that all go one way `agreeingPairs` tells them. Pairs of one row, outside
 * sheets those that differ in `repeat` alone, and those of equal requests are one cluster (Miller 2024, arXiv 2411.00640,
 * sections 2.2 and 4.2). Throws a `Fault` where the sides have neither rows nor an axis in common.
 */
export function pairedResults(left: PairedSide, right: PairedSide): LanguageRecord {
  const { n, mean, interval, p } = pairedEstimate(left, right);
  return { n, mean, low: interval?.low ?? null, high: interval?.high ?? null, p };
}

/** The numbers of one side, and of which cell they are at which fixed labels. */
export type PairedSide = Pick<ResultSummary, "cell" | "at" | "values">;

/** What `pairedResults` says, with how many of the pairs are independent. */
export type PairedEstimate = Pick<PairedDifference, "n" | "mean" | "interval" | "p" | "clusters">;

/** `pairedResults` as an estimate. */
export function pairedEstimate(left: PairedSide, right: PairedSide): PairedEstimate {
  const shared = sharedBy(left, right);
  const others = grouped(right.values, shared.pair);
  const pairs = [...grouped(left.values, shared.pair)].flatMap(([key, first]) => {
    const second = others.get(key);
    return second === undefined ? [] : [{ first, second }];
  });
  const unitOf = (entry: ResultNumber): string => keyOf(entry, shared.unit);
  const units = unitClusters(
    [...left.values, ...right.values].map((entry) => ({ unit: unitOf(entry), calls: entry.calls })),
  );
  const clusters = pairs.map(({ first: [entry] }) => units.get(unitOf(entry!))!);
  const numbers = (side: "first" | "second") => pairs.map((pair) => meanOf(pair[side].map(({ value }) => value))!);
  const found = pairedDifference(numbers("first"), numbers("second"), { clusters });
  const { n, mean, clusters: independent } = found;
  const areVerdicts = [...left.values, ...right.values].every(({ value }) => value === 0 || value === 1);
  const { interval, p } = !areVerdicts ? found : Math.abs(mean ?? 0) === 1 ? allOneWay(found) : bounded(found);
  return { n, mean, interval, p, clusters: independent };
}

/** Of verdicts that one side passes and the other fails in every pair. */
function allOneWay({ mean, clusters }: PairedDifference): Pick<PairedDifference, "interval" | "p"> {
  const { interval, p } = agreeingPairs(clusters);
  return { interval: mean === 1 ? interval : { low: -interval.high, high: -interval.low }, p };
}

function bounded({ interval, p }: PairedDifference): Pick<PairedDifference, "interval" | "p"> {
  return { interval: within(interval, -1, 1), p };
}

/** What tells results of one side apart that the other has as well. */
interface Shared {
  readonly row: boolean;
  readonly axes: readonly string[];
}

/** By what two sides are paired, and what of it is independent: the rows, or labels that are no repeats. */
function sharedBy(left: PairedSide, right: PairedSide): { readonly pair: Shared; readonly unit: Shared } {
  const [first] = left.values;
  const [second] = right.values;
  if (first === undefined || second === undefined) return { pair: nothing, unit: nothing };
  const row = first.row !== null && second.row !== null;
  const isOpen = (axis: string) => [left, right].every(({ at, values }) => !(axis in at) && axis in values[0]!.at);
  const axes = Object.keys(first.at).filter(isOpen);
  if (!row && axes.length === 0)
    throw new Fault(
      "language.value",
      `\`${left.cell}\` and \`${right.cell}\` have neither rows nor labels in common by which \`paired\` could compare them`,
      'Compare columns of one sheet, or labels of a cell that has another axis too: `paired(size.at(model="big"), size.at(model="small"))`.',
    );
  const unit = axes.filter((axis) => axis !== repeatAxis);
  return { pair: { row, axes }, unit: row ? { row, axes: [] } : { row, axes: unit.length === 0 ? axes : unit } };
}

const nothing: Shared = { row: false, axes: [] };

function grouped(values: readonly ResultNumber[], by: Shared): ReadonlyMap<string, readonly ResultNumber[]> {
  return Map.groupBy(values, (entry) => keyOf(entry, by));
}

function keyOf({ row, at }: ResultNumber, by: Shared): string {
  return JSON.stringify([by.row ? row : null, ...by.axes.map((axis) => at[axis])]);
}
