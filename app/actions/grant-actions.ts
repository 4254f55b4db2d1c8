import { exactAmount } from "#server/notebook/amount-text.ts";
import { defineAction, type Action } from "./action";
import { amountProblem } from "../money/amount-problem";
import { grantWords } from "../money/grant-words";
import { cellSetting } from "../notebook/cell-setting";
import { chosenCells } from "./action-context";

/** What a cell may spend when it runs by itself. */
export const grantActions: readonly Action[] = [
  defineAction({
    id: "run.grant",
    group: "Run",
    label: "Let it run by itself on a budget …",
    keywords: "grant auto automatic money spend revoke",
    available: (context) =>
      chosenCells(context).length === 1 &&
      chosenCells(context)
        .flatMap((path) => context.view.cells[path] ?? [])
        .some((cell) => cellSetting(cell, "run") === "auto"),
    async run(context) {
      const [path] = chosenCells(context);
      const { name } = context.view.cells[path!]!;
      const grant = context.view.head.head.grants.find(({ cell }) => cell === name);
      const entered = await context.page.askText({
        title: `Let ${name} call its model by itself`,
        label: `${grant === undefined ? "" : `${grantWords(grant)} `}US dollars it may spend; 0 for a model that costs nothing, empty to let it wait for a hand again`,
        value: String(grant?.budget ?? 1),
        yes: "Grant",
        problem: (text) => (text.trim() === "" ? null : amountProblem(text)),
      });
      if (entered === null) return;
      const budget = entered.trim() === "" ? null : Number(entered);
      if (await context.server.grant(name, budget))
        context.page.say(
          budget === null ? `${name} waits for a hand again.` : `${name} may spend ${exactAmount(budget)} by itself.`,
        );
    },
  }),
];
