import { amountRange } from "#server/notebook/amount-text.ts";
import type { Range } from "#server/models/predict-total.ts";
import type { RunEnd, RunEstimate } from "#server/store/store.ts";
import { spentWords, type Spent } from "./spent-words.ts";

/** What a run was to cost beside what it cost: `$0.031 to $0.038, was $0.034`; empty where it was to cost nothing, and did. */
export function estimateBesideTruth({ cost, open }: RunEstimate, was: Spent, outcome: RunEnd["outcome"]): string {
  const isFree = was.cost === 0 && was.unpriced === 0;
  if (cost.high === 0 && isFree) return "";
  const truth = isFree ? "$0" : spentWords(was);
  return beside(`${open > 0 ? "at least " : ""}${amountRange(cost)}`, truth, outcome);
}

/** Tokens that were foretold beside those that were counted: `≈ 1,200 (1,000 to 1,400), was 1,150`. */
export function tokensBesideTruth(
  { low, likely, high }: Range,
  was: number | null,
  outcome: RunEnd["outcome"],
): string {
  const said = count(low) === count(high) ? count(likely) : `${count(low)} to ${count(high)}`;
  return was === null ? said : beside(said, count(was), outcome);
}

/** What was said of all of a run is not to be taken for what was said of the part that was run. */
function beside(said: string, truth: string, outcome: RunEnd["outcome"]): string {
  return outcome === "done" ? `${said}, was ${truth}` : `${said} for all of it, was ${truth} for what was run`;
}

function count(amount: number): string {
  return Math.round(amount).toLocaleString("en");
}
