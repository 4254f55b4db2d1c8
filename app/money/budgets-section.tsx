import { A } from "@solidjs/router";
import { createResource, createSignal, createUniqueId, For, Show } from "solid-js";
import { exactAmount } from "#server/notebook/amount-text.ts";
import type { CellError } from "#server/notebook/value.ts";
import type { BudgetScope, BudgetState } from "#server/runner/workspace-budgets.ts";
import { api, problemOf } from "~/api";
import { Loaded } from "~/ui/loaded";
import { Section } from "~/ui/page";
import { ProblemBox } from "~/ui/problem-box";
import { toasts } from "~/ui/toasts";
import { amountProblem } from "./amount-problem";
import { leftWords, shortName } from "./budget-words";
import { MoneyField } from "./money-field";
import "./money-forms.css";

/** The budgets of the workspace: what is left of each, and a form to set one. Whoever spends, runs, requests or other programs, stops at them. */
export function BudgetsSection() {
  const [budgets, { refetch }] = createResource(() => api.money.budgets.query());
  return (
    <Section
      title="Budgets"
      note="Runs, published notebooks and programs stop at a day's, a notebook's runs at its own; what was paid for is kept"
    >
      <Loaded from={budgets} what="the budgets" again={() => void refetch()}>
        {(list) => (
          <>
            <Show
              when={list().length > 0}
              fallback={<p class="dim">There is none: nothing but the budget of a run bounds what is spent.</p>}
            >
              <ul class="list dense" aria-label="Budgets">
                <For each={list()}>{(budget) => <BudgetRow budget={budget} changed={() => void refetch()} />}</For>
              </ul>
            </Show>
            <BudgetForm changed={() => void refetch()} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function BudgetRow(props: { readonly budget: BudgetState; changed(): void }) {
  const [problem, setProblem] = createSignal<CellError | null>(null);
  const share = () => Math.min(1, props.budget.spent / Math.max(props.budget.amount, Number.EPSILON));
  const name = () => (props.budget.scope.type === "day" ? "each day" : shortName(props.budget.scope.notebook));
  const remove = async (): Promise<void> => {
    try {
      await api.money.removeBudget.mutate({ scope: props.budget.scope });
      props.changed();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  };
  return (
    <li>
      <div class="list-row budget-row">
        <span class="list-title">
          {name()} <span class="budget-amount">{exactAmount(props.budget.amount)}</span>
        </span>
        <A class="list-fact" href={callsOf(props.budget.scope)}>
          {leftWords(props.budget)}
        </A>
        <progress max={1} value={share()} aria-label={`Spent of the budget of ${name()}`} />
        <button
          type="button"
          class="button"
          aria-label={`Take away the budget of ${name()}`}
          onClick={() => void remove()}
        >
          Take away
        </button>
      </div>
      <Show when={problem()}>{(error) => <ProblemBox error={error()} />}</Show>
    </li>
  );
}

/** The calls a budget counts: today's, or those of its notebook, the newest first. */
function callsOf(scope: BudgetScope): string {
  return scope.type === "day"
    ? "/costs/calls?days=1"
    : `/costs/calls?days=0&notebook=${encodeURIComponent(scope.notebook)}`;
}

function BudgetForm(props: { changed(): void }) {
  const id = createUniqueId();
  const [notebooks] = createResource(() => api.notebooks.list.query());
  const [subject, setSubject] = createSignal("");
  const [amount, setAmount] = createSignal("");
  const [problem, setProblem] = createSignal<CellError | null>(null);
  const [tried, setTried] = createSignal(false);
  const wrong = () => (tried() ? amountProblem(amount()) : null);
  async function set(): Promise<void> {
    const scope: BudgetScope = subject() === "" ? { type: "day" } : { type: "notebook", notebook: subject() };
    try {
      await api.money.setBudget.mutate({ scope, amount: Number(amount()) });
      toasts.say(`The budget is ${exactAmount(Number(amount()))}.`);
      setAmount("");
      setTried(false);
      setProblem(null);
      props.changed();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  }
  return (
    <form
      class="money-form"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (wrong() === null) void set();
        else event.currentTarget.querySelector("input")!.focus();
      }}
    >
      <div class="money-field">
        <label for={id}>Budget of</label>
        <select id={id} class="field" value={subject()} onChange={(event) => setSubject(event.currentTarget.value)}>
          <option value="">each day, for all notebooks and programs</option>
          <For each={notebooks.state === "ready" ? notebooks.latest : []}>
            {({ path }) => <option value={path}>{shortName(path)}, from now on</option>}
          </For>
        </select>
      </div>
      <MoneyField
        label="US dollars"
        kind="money-amount"
        inputmode="decimal"
        placeholder="5.00"
        value={amount()}
        problem={wrong()}
        set={setAmount}
      />
      <button type="submit" class="button">
        Set
      </button>
      <Show when={problem()}>{(error) => <ProblemBox error={error()} />}</Show>
    </form>
  );
}
