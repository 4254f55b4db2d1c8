import { exactAmount } from "#server/notebook/amount-text.ts";
import type { GrantView } from "#server/workbench/view.ts";
import { dollars } from "./dollars.ts";

/** What a cell may spend by itself, and has: `It runs by itself: $0.12 of its $1.00 is spent.` */
export function grantWords({ budget, spent }: Pick<GrantView, "budget" | "spent">): string {
  if (budget === 0) return "It runs by itself where its model costs nothing.";
  const limit = exactAmount(budget);
  if (spent >= budget) return `It waits for a hand: its grant of ${limit} is spent.`;
  return `It runs by itself: ${spent === 0 ? "nothing" : dollars(spent)} of its ${limit} is spent.`;
}
