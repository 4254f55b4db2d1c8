import { createMemo, For, lazy, Show, Suspense, useContext } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { ResultCard } from "~/results/result-card";
import { createVariantGroups } from "~/results/variant-groups";
import { isChosen } from "~/results/variant-label";
import { isTyped } from "./is-typed";
import { mistakeIn } from "./mistake-of";
import { useNotebook } from "./notebook-context";
import { WordingGroup } from "./wording-group";
import "~/results/results.css";

const LabelEntry = lazy(() => import("~/results/label-entry").then(({ LabelEntry }) => ({ default: LabelEntry })));
const ResultList = lazy(() => import("~/results/result-list").then(({ ResultList }) => ({ default: ResultList })));

/** Variants that still fit side by side. */
const sideBySide = 6;

/** The results of a cell, variants side by side; many are a list. Space is kept while they come. */
export function CellResults(props: { readonly cell: CellView }) {
  const { store, selection } = useNotebook();
  const together = useContext(WordingGroup);
  const node = createMemo(() => (props.cell.node === null ? undefined : store.view.nodes[props.cell.node]));
  const everyGroup = createVariantGroups(() => node()?.addresses ?? []);
  // A wording that stands alone shows its own answers; those that are one block are compared.
  const groups = createMemo(() =>
    everyGroup().filter(
      ({ at }) => together || props.cell.label === null || (at["prompt"] ?? props.cell.label) === props.cell.label,
    ),
  );
  /** What a mistake keeps from being computed has no place for what comes of it, unless something did before. While it is typed, nothing comes and goes. */
  const isKept = () =>
    node()?.blocked != null ||
    (groups().length === 1 &&
      node()?.progress == null &&
      !isTyped(selection(), props.cell) &&
      mistakeIn(props.cell) !== null);
  const isShown = () =>
    groups().length > 0 &&
    (!isKept() || (node()?.addresses ?? []).some((address) => store.view.results[address]?.value != null));
  const all = () => groups().flatMap((group) => group.addresses);
  return (
    <Show when={isShown()}>
      <Show when={props.cell.kind === "label"}>
        <Suspense>
          <LabelEntry cell={props.cell} address={groups()[0]!.addresses[0]!} />
        </Suspense>
      </Show>
      <Show when={props.cell.kind !== "label"}>
        <Show
          when={groups().length <= sideBySide}
          fallback={
            <Suspense>
              <Show when={node()}>{(now) => <ResultList groups={groups()} cell={props.cell} node={now()} />}</Show>
            </Suspense>
          }
        >
          <div class="results" classList={{ compared: groups().length > 1 }} data-count={groups().length}>
            <For each={groups()}>
              {(group) => (
                <ResultCard
                  group={group}
                  cell={props.cell}
                  node={node()}
                  compared={groups().length > 1}
                  chosen={isChosen(group.at, node()?.chosen ?? {})}
                  all={all()}
                />
              )}
            </For>
          </div>
        </Show>
      </Show>
    </Show>
  );
}
