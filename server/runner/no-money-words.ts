import { amountTexts, exactAmount } from "#server/notebook/amount-text.ts";
import { isAtLeast } from "#server/notebook/is-at-least.ts";
import { estimatedWords } from "./estimated-words.ts";

/** A budget that has too little left for a call, US dollars. */
interface ShortBudget {
  /** What it is called: `the run's budget`. */
  readonly name: string;
  readonly amount: number;
  readonly spent: number;
  /** Calls in it that count at what was expected of them. */
  readonly estimated: number;
  /** What the next call may cost. */
  readonly next: number;
}

/** Why a call does not go out: `the run's budget of $2.00 has $0.20 left, and the next call may cost $0.23`, or that it is spent. */
export function noMoneyWords({ name, amount, spent, estimated, next }: ShortBudget): string {
  const counting = estimatedWords(estimated);
  if (isAtLeast(spent, amount)) return `${name} of ${exactAmount(amount)} is spent${counting}`;
  const [left, cost] = amountTexts(amount - spent, next);
  const about = estimated === 0 ? "" : "about ";
  return `${name} of ${exactAmount(amount)} has ${about}${left} left${counting}, and the next call may cost ${cost}`;
}
