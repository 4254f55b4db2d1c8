import {
  failsGate,
  type BaselineComparison,
  type ChangedResult,
  type ComparedCalls,
  type ComparedCell,
  type ComparedScore,
} from "#evals/compare-with-baseline.ts";
import { parseAddress } from "#server/notebook/address.ts";
import { amountText } from "#server/notebook/amount-text.ts";
import { isTest, rowAndLabels } from "#server/notebook/baseline.ts";
import { someNames } from "#server/notebook/some-names.ts";
import { labelText } from "./results-text.ts";

/** Regressions of one cell that are named. */
const mostNamed = 5;

/** The addresses of the regressions that are named. */
export function shownWorse({ cells, changes }: BaselineComparison): readonly string[] {
  return cells.flatMap(({ cell }) => worseOf(cell, changes).slice(0, mostNamed)).map(({ address }) => address);
}

/**
 * A comparison for reading: what differs from then, each score's means with their difference, the cells where anything is not the same with
 * their first regressions by name, and what the calls cost. `rows` has texts of rows by the addresses.
 */
export function baselineText(comparison: BaselineComparison, name: string, rows: ReadonlyMap<string, string>): string {
  const { differs, cells, scores, changes, calls } = comparison;
  const total = cells.reduce((sum, { counts }) => sum + countOf(counts), 0);
  const same = cells.reduce((sum, { counts }) => sum + counts.same, 0);
  const other = cells.filter(({ counts }) => countOf(counts) > counts.same || counts.new > 0);
  return [
    `Beside the baseline ${name}: ${count(same)} of ${count(total)} results are the same.`,
    ...(differs.length === 0 ? [] : [`  other than then: ${someNames(differs)}`]),
    ...scores.map((score) => `  ${scoreText(score)}`),
    ...other.flatMap((cell) => cellLines(cell, changes, rows)),
    ...(calls.then.results + calls.now.results === 0 ? [] : [`  calls: ${spentText(calls)}`]),
    ...verdictLines(comparison),
    "",
  ].join("\n");
}

/** What makes a comparison fail or leaves it open. */
function verdictLines({ verdict, scores, changes }: BaselineComparison): readonly string[] {
  switch (verdict) {
    case "pass":
      return [];
    case "open":
      return [
        "  Open: results are to be run; or write the baseline anew, with `sheaf baseline`, where they are to stay away.",
      ];
    case "fail": {
      const failed = changes
        .filter(failsGate)
        .map(({ address, then }) => (isTest(then) ? address : parseAddress(address).cell));
      const worse = scores.filter((score) => score.verdict === "worse").map(scorePlace);
      return [`  Fails: ${someNames([...new Set([...failed, ...worse])])}.`];
    }
  }
}

function cellLines(
  { cell, counts }: ComparedCell,
  changes: readonly ChangedResult[],
  rows: ReadonlyMap<string, string>,
): readonly string[] {
  const words = (["worse", "better", "changed", "open", "missing", "new", "same"] as const).flatMap((change) =>
    counts[change] === 0 ? [] : [`${count(counts[change])} ${change}`],
  );
  const worse = worseOf(cell, changes);
  const more = worse.length - mostNamed;
  return [
    `  ${cell}: ${words.join(", ")}`,
    ...worse.slice(0, mostNamed).map((change) => `    worse: ${resultText(change, rows)}`),
    ...(more > 0 ? [`    … and ${count(more)} more worse`] : []),
  ];
}

function worseOf(cell: string, changes: readonly ChangedResult[]): readonly ChangedResult[] {
  return changes.filter(({ address, change }) => change === "worse" && parseAddress(address).cell === cell);
}

/** Where and how: `model small, row 8f3a "My card …": passed, fails`. */
function resultText({ address, then, now }: ChangedResult, rows: ReadonlyMap<string, string>): string {
  const { cell, at } = parseAddress(address);
  const { row, labels } = rowAndLabels(cell, at);
  const text = rows.get(address);
  const identity =
    row === null
      ? []
      : [`row ${/^[0-9a-f]{32}/.test(row) ? row.slice(0, 8) : row}${text === undefined ? "" : ` "${text}"`}`];
  const place = [...(Object.keys(labels).length === 0 ? [] : [labelText(labels)]), ...identity].join(", ");
  return `${place === "" ? "" : `${place}: `}${howText(then, now)}`;
}

function howText(then: ChangedResult["then"], now: ChangedResult["now"]): string {
  if (now?.outcome === "error" || now?.outcome === "blocked")
    return now.outcome === "error" ? "an error now" : "blocked now";
  if (then.pass === true && now?.pass === false) return "passed, fails now";
  return `${figure(then.score ?? null)} then, ${figure(now?.score ?? null)} now`;
}

function scorePlace({ cell, at }: ComparedScore): string {
  return Object.keys(at).length === 0 ? cell : `${cell} (${labelText(at)})`;
}

function scoreText(score: ComparedScore): string {
  const { n, of, then, now, difference, interval, verdict } = score;
  const place = scorePlace(score);
  if (difference === null) return `${place}: none of ${count(of)} has a number now`;
  const pairs = `on ${count(n)} of ${count(of)}`;
  if (difference === 0 && (interval === null || interval.low === interval.high))
    return `${place}: ${figure(then)} then and now, ${pairs}`;
  const bounds = interval === null ? "" : ` (95 % ${signed(interval.low)} to ${signed(interval.high)})`;
  const word = verdict === "neither" ? "" : `: ${verdict}`;
  return `${place}: ${figure(then)} then, ${figure(now)} now, ${pairs}: ${signed(difference)}${bounds}${word}`;
}

function spentText({ then, now }: BaselineComparison["calls"]): string {
  const [before, after] = [callsText(then), callsText(now)];
  return before === after ? `${before}, then and now` : `${before} then; ${after} now`;
}

function callsText({ cost, input, output, latency }: ComparedCalls): string {
  const price = cost === null ? "without a price" : amountText(cost);
  return `${price}, ${count(input)} tokens in and ${count(output)} out, ${count(Math.round(latency))} ms a result`;
}

function countOf({ new: _new, ...counts }: ComparedCell["counts"]): number {
  return Object.values(counts).reduce((sum, one) => sum + one, 0);
}

function count(number: number): string {
  return number.toLocaleString("en");
}

function figure(value: number | null): string {
  return value === null ? "no score" : String(Number(value.toFixed(3)));
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(3);
  return Number(text) === 0 ? "0" : `${value < 0 ? "−" : "+"}${text}`;
}
