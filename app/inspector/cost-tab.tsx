import { createMemo, createResource, For, Show } from "solid-js";
import { parseAddress } from "#server/notebook/address.ts";
import { api } from "~/api";
import { dollars } from "~/money/dollars";
import { estimateWords } from "~/money/estimate-words";
import { grantWords } from "~/money/grant-words";
import { useNotebook } from "~/notebook/notebook-context";
import { variantLabel } from "~/results/variant-label";
import { CallCost } from "./call-cost";
import type { Inspected } from "./inspected";

/** What an answer cost and how that was worked out, what the cell's other answers did, and what a run now would. */
export function CostTab(props: { readonly inspected: Inspected }) {
  const { store } = useNotebook();
  const { node, address, details } = props.inspected;
  const calls = () => details()?.calls ?? [];
  const variants = createMemo(() =>
    (node()?.addresses ?? []).flatMap((each) => {
      const made = store.view.results[each]?.calls ?? [];
      if (made.length === 0) return [];
      const cost = made.reduce<number | null>(
        (sum, call) => (sum === null || call.cost === null ? null : sum + call.cost),
        0,
      );
      return [{ address: each, cost, cached: made.every((call) => call.cached) }];
    }),
  );
  const grant = () => store.view.head.head.grants.find(({ cell }) => cell === node()?.name);
  const callsModels = () => node()?.effect === "model" || node()?.effect === "paid";
  const [estimate] = createResource(
    () => {
      const now = node();
      if (now === undefined || !callsModels() || now.progress !== null || now.sheet !== null) return null;
      return JSON.stringify([now.id, now.addresses.map((each) => store.view.results[each]?.freshness)]);
    },
    () =>
      api.notebook.estimate.query({
        path: store.path,
        scope: { type: "cells", cells: [node()!.id] },
        title: "",
      } as never),
  );
  return (
    <div class="inspector-body">
      <Show when={callsModels()} fallback={<p class="dim">It calls no model: it costs nothing.</p>}>
        <Show when={grant()}>{(now) => <p>{grantWords(now())}</p>}</Show>
        <h3>this answer</h3>
        <For each={calls()} fallback={<p class="dim">Nothing was sent for it yet.</p>}>
          {(call) => <CallCost call={call} />}
        </For>
        <Show when={variants().length > 1}>
          <h3>variants</h3>
          <dl class="facts">
            <For each={variants()}>
              {(each) => (
                <>
                  <dt classList={{ here: each.address === address() }}>
                    {variantLabel(
                      parseAddress(each.address).at,
                      (node()?.axes ?? []).map(({ name }) => name),
                    )}
                  </dt>
                  <dd>
                    {dollars(each.cost)}
                    {each.cached ? ", from cache" : ""}
                  </dd>
                </>
              )}
            </For>
          </dl>
        </Show>
        <h3>a run now</h3>
        <Show
          when={estimate.state === "ready" && estimate.latest}
          fallback={
            <p class="dim">
              {node()?.sheet == null ? "…" : "See the sheet: it tells what a run of its rows would cost."}
            </p>
          }
        >
          {(now) => <p>{estimateWords(now()).sentence}</p>}
        </Show>
      </Show>
    </div>
  );
}
