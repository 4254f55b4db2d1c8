import type { BudgetState } from "#server/runner/workspace-budgets.ts";
import { exactAmount } from "#server/notebook/amount-text.ts";
import { notebookFile } from "../notebook/notebook-address.ts";
import { dollars } from "./dollars";

/** A budget as people speak of it: `today's budget`, `the budget of card-triage`. */
function budgetName({ scope }: Pick<BudgetState, "scope">): string {
  return scope.type === "day" ? "today's budget" : `the budget of ${shortName(scope.notebook)}`;
}

type Counted = Pick<BudgetState, "amount" | "spent" | "batched" | "estimated" | "unpriced">;

/** What is left of a budget: `$4.20 of today's budget of $5.00 is left`. */
export function budgetWords(budget: Counted & Pick<BudgetState, "scope">): string {
  const { left, uncounted } = parts(budget);
  return `${left} of ${budgetName(budget)} of ${exactAmount(budget.amount)} is left${uncounted}`;
}

/** The same where the budget stands beside it: `$4.20 is left`. */
export function leftWords(budget: Counted): string {
  const { left, uncounted } = parts(budget);
  return `${left} is left${uncounted}`;
}

function parts(budget: Counted): { left: string; uncounted: string } {
  const left = Math.max(0, budget.amount - budget.spent);
  const uncounted =
    budget.unpriced === 0
      ? ""
      : `, not counting ${budget.unpriced} ${budget.unpriced === 1 ? "call" : "calls"} of unknown price`;
  const held = budget.batched === 0 ? "" : `, with up to ${dollars(budget.batched)} held for batches`;
  const estimated =
    budget.estimated === 0
      ? ""
      : `, with ${budget.estimated} ${budget.estimated === 1 ? "call" : "calls"} counted at what was expected`;
  const amount = budget.estimated === 0 ? dollars(left) : `About ${dollars(left)}`;
  return { left: left === 0 ? "Nothing" : amount, uncounted: held + estimated + uncounted };
}

/** A notebook's path as its pages show it. */
export function shortName(path: string): string {
  return notebookFile(path).replace(/\.md$/, "");
}
