import { createMemo, For, Show } from "solid-js";
import type { CellView, ResultView } from "#server/workbench/view.ts";
import { dollars } from "~/money/dollars";
import { StateBadge } from "~/ui/state-badge";
import { now as clock } from "~/ui/clock";
import { ValueView } from "~/values/value-view";
import { resultState } from "./node-state";
import { useNotebook } from "./notebook-context";

/** The results of a cell, variants side by side; space is kept while they come. */
export function CellResults(props: { readonly cell: CellView }) {
  const { store, selection, select } = useNotebook();
  const node = createMemo(() => (props.cell.node === null ? undefined : store.view.nodes[props.cell.node]));
  const addresses = createMemo(() =>
    (node()?.addresses ?? []).filter((address) => {
      const label = store.view.results[address]?.at["prompt"];
      return props.cell.label === null || label === undefined || label === props.cell.label;
    }),
  );
  const isChosen = (result: ResultView): boolean =>
    Object.entries(node()?.chosen ?? {}).every(([axis, label]) => result.at[axis] === label);
  return (
    <Show when={addresses().length > 0}>
      <div class="results" classList={{ compared: addresses().length > 1 }}>
        <For each={addresses()}>
          {(address) => (
            <Show when={store.view.results[address]}>
              {(result) => (
                <div
                  class="result"
                  classList={{
                    chosen: addresses().length > 1 && isChosen(result()),
                    selected: selection().address === address,
                  }}
                  onClick={() => select({ cell: props.cell.path, address })}
                >
                  <Show when={addresses().length > 1}>
                    <div class="result-labels">
                      <For each={Object.entries(result().at)}>
                        {([axis, label]) => (
                          <span title={axis}>{axis === "model" ? <b>{label}</b> : `${axis} ${label}`}</span>
                        )}
                      </For>
                      <span class="spring" />
                      <StateBadge state={resultState(result(), node(), clock())} quiet />
                    </div>
                  </Show>
                  <div class="result-value">
                    <Show
                      when={store.view.streams[address] === undefined}
                      fallback={<p class="streaming">{store.view.streams[address]}</p>}
                    >
                      <ValueView result={result()} kind={props.cell.kind} />
                    </Show>
                  </div>
                  <Show when={result().calls.length > 0}>
                    <div class="result-facts">
                      <span>{Math.round(result().calls.reduce((sum, call) => sum + call.latency, 0))} ms</span>
                      <span>
                        {dollars(
                          result().calls.some((call) => call.cost === null)
                            ? null
                            : result().calls.reduce((sum, call) => sum + (call.cost ?? 0), 0),
                        )}
                      </span>
                    </div>
                  </Show>
                </div>
              )}
            </Show>
          )}
        </For>
      </div>
    </Show>
  );
}
