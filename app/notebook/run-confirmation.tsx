import { createMemo, For, onCleanup, onMount, Show } from "solid-js";
import type { ModelEstimate, Range } from "#server/models/estimate.ts";
import { exactAmount } from "#server/notebook/amount-text.ts";
import { basisWords } from "#server/notebook/estimate-basis.ts";
import type { RunView } from "#server/workbench/view.ts";
import { keyText } from "~/actions/press";
import { budgetWords } from "~/money/budget-words";
import { dollarRange, dollars } from "~/money/dollars";
import { estimateWords, plural } from "~/money/estimate-words";
import { isMac } from "~/ui/platform";
import { useNotebook } from "./notebook-context";
import { duration } from "./progress-words";
import "./run-confirmation.css";

/** What a run would spend, asked before it does: a panel in its place that takes the focus. */
export function RunConfirmation() {
  const { store } = useNotebook();
  const asking = createMemo(() => Object.values(store.view.runs).find(({ confirm }) => confirm !== null)?.id);
  return (
    <Show when={asking()} keyed>
      {(id) => <Show when={store.view.runs[id]}>{(run) => <Confirmation run={run()} />}</Show>}
    </Show>
  );
}

function Confirmation(props: { readonly run: RunView }) {
  const { actions, store } = useNotebook();
  const budgets = () => store.view.head.head.budgets;
  const known = () => props.run.confirm?.known;
  const rows = () => (known()?.models ?? []).filter(({ calls, cached, equal }) => calls + cached + equal > 0);
  const isShort = ({ amount, spent }: { readonly amount: number; readonly spent: number }): boolean =>
    (known()?.cost.high ?? 0) > amount - spent;
  const before = document.activeElement;
  let panel!: HTMLDivElement;
  onMount(() => panel.focus());
  onCleanup(() => {
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  });
  const answer = (yes: boolean): void => void actions.confirm(props.run.id, yes);
  return (
    <div
      ref={panel}
      class="confirmation"
      role="group"
      aria-labelledby="confirmation-title"
      aria-describedby="confirmation-sum"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape") answer(false);
        else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) answer(true);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <h2 id="confirmation-title">Run {props.run.title}?</h2>
      <p id="confirmation-sum">
        <Show when={props.run.confirm}>{(estimate) => estimateWords(estimate()).sentence}</Show>
        <Show when={known()?.seconds}>{(seconds) => ` ${timeRange(seconds())}.`}</Show>
      </p>
      <div class="confirmation-scroll">
        <table>
          <thead>
            <tr>
              <th>model</th>
              <th class="number">calls</th>
              <th class="number">from cache</th>
              <th class="number">tokens in</th>
              <th class="number">tokens out</th>
              <th class="number">price</th>
            </tr>
          </thead>
          <tbody>
            <For each={rows()}>
              {(model) => (
                <tr>
                  <td class="mono">{model.model}</td>
                  <td class="number">{count(model.calls)}</td>
                  <td class="number">{count(model.cached + model.equal)}</td>
                  <td class="number">
                    {tokens(model.input)} <small>{model.calls === 0 ? "" : basisWords(model.basis.input)}</small>
                  </td>
                  <td class="number">
                    {tokens(model.output)}{" "}
                    <small>{model.output.high === 0 ? "" : basisWords(model.basis.output)}</small>
                  </td>
                  <td class="number">{price(model)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <div class="confirmation-foot">
        <span class="dim">
          <For each={budgets()}>
            {(budget) => (
              <span classList={{ "confirmation-short": isShort(budget) }}>
                {budgetWords(budget)}
                {isShort(budget) ? ": it may stop there. " : ". "}
              </span>
            )}
          </For>
          {props.run.budget === null
            ? budgets().length > 0
              ? ""
              : "No budget: it goes on until it is done or stopped."
            : `Budget of this run ${exactAmount(props.run.budget)}, of which ${props.run.money.unpriced === 0 ? "" : "at most "}${dollars(Math.max(0, props.run.budget - props.run.money.cost))} is left.`}
        </span>
        <span class="spring" />
        <button type="button" class="button" onClick={() => answer(false)}>
          Do not run <kbd>Esc</kbd>
        </button>
        <button type="button" class="button primary" onClick={() => answer(true)}>
          Run {known() === undefined ? "" : plural(known()!.calls, "call")} <kbd>{keyText("Mod+Enter", isMac)}</kbd>
        </button>
      </div>
    </div>
  );
}

function count(amount: number): string {
  return amount === 0 ? "–" : amount.toLocaleString("en");
}

function tokens({ low, likely, high }: Range): string {
  if (high === 0) return "–";
  const number = (amount: number): string => Math.round(amount).toLocaleString("en");
  return Math.round(low) === Math.round(high) ? number(likely) : `${number(low)} to ${number(high)}`;
}

/** From how long to how long it takes: `3 s to 8 s`, one time where both read alike. */
function timeRange({ low, high }: Range): string {
  const [from, to] = [duration(low), duration(high)];
  return from === to ? `About ${to}` : `${from} to ${to}`;
}

function price({ calls, cost }: ModelEstimate): string {
  if (calls === 0) return "–";
  if (cost === null) return "unpriced";
  return dollarRange(cost);
}
