import { createMemo, For, onCleanup, onMount, Show } from "solid-js";
import type { ModelEstimate, Range } from "#server/models/estimate.ts";
import type { RunView } from "#server/workbench/view.ts";
import { keyText } from "~/actions/press";
import { dollars } from "~/money/dollars";
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
  const { actions } = useNotebook();
  const known = () => props.run.confirm?.known;
  const rows = () => (known()?.models ?? []).filter(({ calls, cached, equal }) => calls + cached + equal > 0);
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
        <Show when={known()?.seconds}>{(seconds) => ` About ${duration(seconds().likely)}.`}</Show>
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
                  <td class="number">{tokens(model.input)}</td>
                  <td class="number">
                    {tokens(model.output)}
                    {model.basis.output === "assumed" ? " assumed" : ""}
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
          {props.run.budget === null
            ? "No budget: it goes on until it is done or stopped."
            : `Budget of this run ${dollars(props.run.budget)}, of which ${dollars(Math.max(0, props.run.budget - props.run.money.cost))} is left.`}
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
  return Math.round(low) === Math.round(high) ? number(likely) : `≈ ${number(likely)}`;
}

function price({ calls, cost }: ModelEstimate): string {
  if (calls === 0) return "–";
  if (cost === null) return "unpriced";
  return cost.low === cost.high ? dollars(cost.low) : `${dollars(cost.low)} to ${dollars(cost.high)}`;
}
