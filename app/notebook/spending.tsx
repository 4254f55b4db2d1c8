import { createMemo } from "solid-js";
import { exactAmount } from "#server/notebook/amount-text.ts";
import { budgetWords } from "~/money/budget-words";
import { estimateBesideTruth } from "~/money/estimate-truth";
import { spentWords } from "~/money/spent-words";
import { useNotebook } from "./notebook-context";

/** What the run that is on or was last has spent, and everything of today. */
export function Spending() {
  const { store } = useNotebook();
  const head = () => store.view.head.head;
  const last = createMemo(() => Object.values(store.view.runs).findLast((run) => !run.automatic && run.money.made > 0));
  const ofRun = () => {
    const run = last();
    if (run === undefined || run.money.cost + run.money.unpriced === 0) return "";
    return `${money(run.money.cost, run.money.unpriced)} this run · `;
  };
  const day = () => head().budgets.find(({ scope }) => scope.type === "day");
  const tip = () => {
    const said = last()?.estimate;
    const isOver = last()?.endedAt !== null;
    const words = said && isOver ? estimateBesideTruth(said, last()!.money, last()!.outcome ?? "done") : "";
    return [
      words === "" ? "" : `This run: estimated ${words}. `,
      `Spent by this workspace since midnight: ${money(head().spentToday, head().unpricedToday)}.`,
      ...head().budgets.map((budget) => ` ${budgetWords(budget)}.`),
    ].join("");
  };
  return (
    <span class="top-note top-money" data-tip={tip()}>
      {ofRun()}
      {money(head().spentToday, head().unpricedToday)}
      {day() === undefined ? "" : ` of ${exactAmount(day()!.amount)}`} today
    </span>
  );
}

function money(cost: number, unpriced: number): string {
  return cost === 0 && unpriced === 0 ? "$0" : spentWords({ cost, unpriced });
}
