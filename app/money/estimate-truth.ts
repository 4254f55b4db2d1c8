import type { Range } from "#server/models/predict-total.ts";
import type { RunEstimate } from "#server/store/store.ts";

/** What came of a run. */
export interface Truth {
  /** US dollars; null where a price is not known. */
  readonly cost: number | null;
  readonly unpriced?: number;
}

/** What a run was to cost beside what it cost: `$0.031 to $0.038, was $0.034`; empty where it was to cost nothing, and did. */
export function estimateBesideTruth({ cost, open }: RunEstimate, was: Truth): string {
  const unpriced = was.unpriced ?? 0;
  if (cost.high === 0 && was.cost === 0 && unpriced === 0) return "";
  const truth = was.cost === null ? "unpriced" : `${fine(was.cost)}${unpriced === 0 ? "" : ` + ${unpriced} unpriced`}`;
  return `${open > 0 ? "at least " : ""}${fineRange(cost)}, was ${truth}`;
}

/** Tokens that were foretold beside those that were counted: `≈ 1,200 (1,000 to 1,400), was 1,150`. */
export function tokensBesideTruth({ low, likely, high }: Range, was: number | null): string {
  const said = count(low) === count(high) ? count(likely) : `${count(low)} to ${count(high)}`;
  return was === null ? said : `${said}, was ${count(was)}`;
}

function fineRange({ low, high }: Range): string {
  const [from, to] = [fine(low), fine(high)];
  return from === to ? to : `${from} to ${to}`;
}

/** US dollars with two digits that count, so that an estimate and what came of it can be told apart. */
function fine(amount: number): string {
  if (amount === 0) return "$0";
  if (amount < 0.0001) return "<$0.0001";
  return amount < 1 ? `$${amount.toPrecision(2)}` : `$${amount.toFixed(2)}`;
}

function count(amount: number): string {
  return Math.round(amount).toLocaleString("en");
}
