import { parseAddress, type Coordinates } from "#server/notebook/address.ts";
import { repeatAxis } from "#server/notebook/axis.ts";
import {
  isTest,
  rowAndLabels,
  sheetOfPath,
  type Baseline,
  type BaselineHeader,
  type BaselineLine,
} from "#server/notebook/baseline.ts";
import type { ResultNumber } from "#server/notebook/cell-kind.ts";
import { pairedEstimate } from "./paired-results.ts";
import { agreeingPairs } from "./statistics/agreeing-pairs.ts";
import type { Interval } from "./statistics/interval.ts";
import { mean } from "./statistics/mean.ts";

/** A notebook's results as they are now, as far as a baseline is compared with them. */
export interface PresentSide {
  readonly header: BaselineHeader;
  /** The settled ones of the baseline's addresses. */
  readonly lines: ReadonlyMap<string, BaselineLine>;
  /** Those of its addresses that are there and not settled. */
  readonly open: ReadonlySet<string>;
  /** Sheets whose addresses nobody knows now. */
  readonly closed: ReadonlySet<string>;
  /** How many settled results that the baseline has not there are of each cell. */
  readonly added: ReadonlyMap<string, number>;
}

/**
 * How a result stands to its baseline. `worse`: a test or a score that passed fails, a score is lower, or what had a result is an error.
 * `better` the other way round. `changed`: another value of which nobody says whether it is better. `open`: what is there is not settled.
 * `missing`: the address is there no more.
 */
export type BaselineChange = "same" | "better" | "worse" | "changed" | "open" | "missing";

/** One result of the baseline that is not the same. */
export interface ChangedResult {
  readonly address: string;
  readonly change: Exclude<BaselineChange, "same">;
  readonly then: BaselineLine;
  readonly now: BaselineLine | null;
}

/** How many results of a cell stand how; `new` are those the baseline has not. */
export interface ComparedCell {
  readonly cell: string;
  readonly counts: { readonly [change in BaselineChange | "new"]: number };
}

/** The numbers of a score then and now: in a sheet at one of its labels, by rows; outside over its labels. */
export interface ComparedScore {
  readonly cell: string;
  readonly at: Coordinates;
  /** Results with a number on both sides, and how many had one then. */
  readonly n: number;
  readonly of: number;
  /** The means over the pairs; null of none. */
  readonly then: number | null;
  readonly now: number | null;
  /** Now less then, with its 95 % interval as `paired` gives it; null where the pairs tell none. */
  readonly difference: number | null;
  readonly interval: Interval | null;
  /** Beyond its interval: see `beyondInterval`. */
  readonly verdict: "better" | "worse" | "neither";
}

/** What the calls of results came to that both sides have. */
export interface ComparedCalls {
  /** Results that calls made, on either side. */
  readonly results: number;
  /** US dollars; null where a call has no price. */
  readonly cost: number | null;
  readonly input: number;
  readonly output: number;
  /** Milliseconds a result on average. */
  readonly latency: number;
}

export interface BaselineComparison {
  /**
   * `fail`: a test that passed fails, a score is worse beyond its interval, or what had a result is an error or blocked by one. Else `open`: a result of the baseline is open, or a test or a
   * score has no verdict or number now that it had. Else `pass`.
   */
  readonly verdict: "pass" | "fail" | "open";
  /** What is another than then: `the notebook's text`, `the input message`, `data banking77/test.csv`. */
  readonly differs: readonly string[];
  readonly cells: readonly ComparedCell[];
  readonly scores: readonly ComparedScore[];
  readonly changes: readonly ChangedResult[];
  readonly calls: { readonly then: ComparedCalls; readonly now: ComparedCalls };
}

/** Compares a notebook's results as they are now with a baseline, address by address. */
export function compareWithBaseline({ header, lines }: Baseline, present: PresentSide): BaselineComparison {
  const compared = lines.map((then) => {
    const now = present.lines.get(then.address) ?? null;
    return { address: then.address, change: changeOf(then, now, present), then, now };
  });
  const scores = [
    ...Map.groupBy(
      compared.filter(({ then }) => typeof then.score === "number"),
      scoreGroup,
    ).values(),
  ].map(compareScore);
  const isUntold = ({ change, then, now }: (typeof compared)[number]): boolean =>
    change === "open" ||
    (isTest(then) && now === null) ||
    (typeof then.score === "number" && typeof now?.score !== "number");
  const both = compared.flatMap(({ then, now }) => (now === null ? [] : [{ then, now }]));
  return {
    verdict:
      compared.some(failsGate) || scores.some(({ verdict }) => verdict === "worse")
        ? "fail"
        : compared.some(isUntold)
          ? "open"
          : "pass",
    differs: differences(header, present.header),
    cells: countCells(compared, present.added),
    scores,
    changes: compared.flatMap(({ change, ...rest }) => (change === "same" ? [] : [{ ...rest, change }])),
    calls: { then: sumCalls(both.map(({ then }) => then)), now: sumCalls(both.map(({ now }) => now)) },
  };
}

/** Whether a result alone makes a comparison fail: a test that passed fails, or what had a result has none any more. */
export function failsGate({ change, then, now }: Pick<Compared, "change" | "then" | "now">): boolean {
  return change === "worse" && (isTest(then) || (now !== null && isFailure(now)));
}

type Compared = ChangedResult | (Omit<ChangedResult, "change"> & { readonly change: BaselineChange });

function changeOf(then: BaselineLine, now: BaselineLine | null, { open, closed }: PresentSide): BaselineChange {
  if (now === null) {
    const sheet = sheetOfPath(parseAddress(then.address).cell);
    return open.has(then.address) || (sheet !== null && closed.has(sheet)) ? "open" : "missing";
  }
  // A test that has no verdict has none that could be worse.
  if (isTest(then) && !isTest(now)) return "open";
  if (isFailure(then) !== isFailure(now)) return isFailure(now) ? "worse" : "better";
  if (then.outcome !== now.outcome) return "changed";
  if (then.pass !== now.pass && typeof then.pass === "boolean" && typeof now.pass === "boolean")
    return now.pass ? "better" : "worse";
  if (typeof then.score === "number" && typeof now.score === "number")
    return then.score === now.score ? "same" : now.score > then.score ? "better" : "worse";
  // What a test's sides came to is in its value.
  return isTest(then) || then.value === now.value ? "same" : "changed";
}

function isFailure({ outcome }: BaselineLine): boolean {
  return outcome === "error" || outcome === "blocked";
}

function scoreGroup({ address }: Compared): string {
  const { cell, at } = parseAddress(address);
  if (sheetOfPath(cell) === null) return cell;
  const { [repeatAxis]: _repeat, ...labels } = rowAndLabels(cell, at).labels;
  return `${cell} ${JSON.stringify(Object.entries(labels).sort())}`;
}

function compareScore(group: readonly Compared[]): ComparedScore {
  const { cell, at } = parseAddress(group[0]!.address);
  const { [repeatAxis]: _repeat, ...labels } = sheetOfPath(cell) === null ? {} : rowAndLabels(cell, at).labels;
  const pairs = group.flatMap(({ address, then, now }) =>
    typeof now?.score === "number" ? [{ place: placeOf(address), then, now }] : [],
  );
  const side = (which: "then" | "now") => ({
    cell,
    at: {},
    values: pairs.map((pair): ResultNumber => ({
      ...pair.place,
      value: pair[which].score!,
      calls: pair[which].calls ?? null,
    })),
  });
  const [then, now] = [side("then"), side("now")];
  const { n, mean: difference, interval, clusters } = pairedEstimate(now, then);
  return {
    cell,
    at: labels,
    n,
    of: group.length,
    then: mean(then.values.map(({ value }) => value)),
    now: mean(now.values.map(({ value }) => value)),
    difference,
    interval,
    verdict: beyondInterval(difference, interval, clusters),
  };
}

/** By what a result is paired: its row and labels; what has neither is one pair. */
function placeOf(address: string): Pick<ResultNumber, "row" | "at"> {
  const { cell, at } = parseAddress(address);
  const { row, labels } = rowAndLabels(cell, at);
  return { row: row ?? (Object.keys(labels).length === 0 ? "" : null), at: labels };
}

/**
 * `worse` where the 95 % interval of the difference is below 0, `better` where it is above. Where all pairs differ by the same there is no
 * interval: then it takes as many independent ones as would all fall to one side by chance in less than 5 % of cases, six.
 */
function beyondInterval(
  difference: number | null,
  interval: Interval | null,
  clusters: number,
): ComparedScore["verdict"] {
  if (difference === null || difference === 0) return "neither";
  const isBeyond =
    interval === null ? clusters > 0 && agreeingPairs(clusters).p < 0.05 : interval.low > 0 || interval.high < 0;
  return isBeyond ? (difference < 0 ? "worse" : "better") : "neither";
}

function countCells(compared: readonly Compared[], added: ReadonlyMap<string, number>): readonly ComparedCell[] {
  const counts = new Map<string, { [change in BaselineChange | "new"]: number }>();
  const of = (cell: string) => {
    const known = counts.get(cell) ?? { same: 0, better: 0, worse: 0, changed: 0, open: 0, missing: 0, new: 0 };
    counts.set(cell, known);
    return known;
  };
  for (const { address, change } of compared) of(parseAddress(address).cell)[change] += 1;
  for (const [cell, count] of added) of(cell).new = count;
  return [...counts].map(([cell, counts]) => ({ cell, counts }));
}

function sumCalls(lines: readonly BaselineLine[]): ComparedCalls {
  const made = lines.filter(({ cost }) => cost !== undefined);
  const sum = (numbers: readonly (number | null)[]): number =>
    numbers.reduce<number>((total, one) => total + (one ?? 0), 0);
  return {
    results: made.length,
    cost: made.some(({ cost }) => cost === null) ? null : sum(made.map(({ cost }) => cost!)),
    input: sum(made.map(({ tokens }) => tokens?.[0] ?? null)),
    output: sum(made.map(({ tokens }) => tokens?.[1] ?? null)),
    latency: mean(made.map(({ latency }) => latency ?? 0)) ?? 0,
  };
}

function differences(then: BaselineHeader, now: BaselineHeader): readonly string[] {
  const named = (of: "inputs" | "data" | "models", word: string): readonly string[] =>
    [...new Set([...Object.keys(then[of]), ...Object.keys(now[of])])]
      .filter((name) => then[of][name] !== now[of][name])
      .map((name) => `${word} ${name}`);
  return [
    ...(then.notebook === now.notebook ? [] : ["the notebook's text"]),
    ...named("inputs", "the input"),
    ...named("data", "data"),
    ...named("models", "the model"),
    ...(now.answered.every((model) => then.answered.includes(model)) ? [] : ["the models that answered"]),
    ...(then.prices === now.prices ? [] : ["prices"]),
  ];
}
