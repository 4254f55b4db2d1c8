import { createMemo, For, Show } from "solid-js";
import Check from "lucide-solid/icons/check";
import type { CellView, NodeView } from "#server/workbench/view.ts";
import { dollars } from "~/money/dollars";
import { resultState } from "~/notebook/node-state";
import { useNotebook } from "~/notebook/notebook-context";
import { now as clock } from "~/ui/clock";
import { StateBadge } from "~/ui/state-badge";
import { duration } from "~/values/duration";
import { valueSummary } from "~/values/value-summary";
import { callTotals } from "./call-totals";
import type { VariantGroup } from "./repeats";
import { ResultCard } from "./result-card";
import { isChosen } from "./variant-label";
import "./result-list.css";

/** Many variants as a list, one a line, the chosen first; the selected one is shown whole below. */
export function ResultList(props: {
  readonly groups: readonly VariantGroup[];
  readonly cell: CellView;
  readonly node: NodeView;
}) {
  const { store, selection, select } = useNotebook();
  const ordered = createMemo(() =>
    [...props.groups].sort(
      (left, right) => Number(isChosen(right.at, props.node.chosen)) - Number(isChosen(left.at, props.node.chosen)),
    ),
  );
  const axes = () => props.node.axes.map(({ name }) => name).filter((name) => name !== "repeat");
  const opened = createMemo(
    () => ordered().find(({ addresses }) => addresses.includes(selection().address ?? "")) ?? ordered()[0]!,
  );
  const all = () => ordered().flatMap(({ addresses }) => addresses);
  return (
    <div class="result-list">
      <div class="result-list-scroll">
        <table>
          <caption class="visually-hidden">
            {props.groups.length} variants of {props.cell.name}
          </caption>
          <thead>
            <tr>
              <For each={axes()}>{(axis) => <th scope="col">{axis === "prompt" ? "wording" : axis}</th>}</For>
              <th scope="col" class="wide">
                answer
              </th>
              <th scope="col">state</th>
              <th scope="col" class="right">
                time
              </th>
              <th scope="col" class="right">
                cost
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={ordered()}>
              {(group) => {
                const address = group.addresses[0]!;
                const result = () => store.view.results[address];
                const totals = () =>
                  callTotals(store.view.streams[address] === undefined ? (result()?.calls ?? []) : []);
                const value = () => result()?.value;
                return (
                  <Show when={result()}>
                    {(now) => (
                      <tr
                        classList={{ selected: opened() === group }}
                        onClick={() => select({ cell: props.cell.path, address, mode: "command" })}
                      >
                        <For each={axes()}>
                          {(axis, index) => (
                            <td>
                              <Show when={index() === 0} fallback={group.at[axis]}>
                                <button
                                  type="button"
                                  class="result-list-open"
                                  aria-expanded={opened() === group}
                                  onClick={() => select({ cell: props.cell.path, address, mode: "command" })}
                                >
                                  {group.at[axis]}
                                </button>
                                <Show when={isChosen(group.at, props.node.chosen)}>
                                  <span class="result-chosen" title="The variant that outputs and endpoints use">
                                    <Check aria-hidden="true" /> chosen
                                  </span>
                                </Show>
                              </Show>
                            </td>
                          )}
                        </For>
                        <td class="wide">
                          {store.view.streams[address] ??
                            (value() == null ? (now().error?.message ?? "") : valueSummary(value()!))}
                        </td>
                        <td>
                          <StateBadge state={resultState(now(), props.node, store.view, clock)} quiet />
                        </td>
                        <td class="right">{totals() === null ? "" : duration(totals()!.latency)}</td>
                        <td class="right">{totals() === null ? "" : dollars(totals()!.cost)}</td>
                      </tr>
                    )}
                  </Show>
                );
              }}
            </For>
          </tbody>
        </table>
      </div>
      <Show when={opened()} keyed>
        {(group) => (
          <ResultCard
            group={group}
            cell={props.cell}
            node={props.node}
            compared
            chosen={isChosen(group.at, props.node.chosen)}
            all={all()}
          />
        )}
      </Show>
    </div>
  );
}
