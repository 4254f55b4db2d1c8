import { createMemo, createSignal, For, Show } from "solid-js";
import type { VariantComparison } from "#server/runner/compare-variants.ts";
import { labelsText, variantGroups, type CellColumn } from "./columns";
import { createAnswer } from "./answer";
import { useSheet } from "./sheet-context";

/** Two variants of a score in one sentence: whether a difference could be seen, how large, and of how many rows. */
export function ComparisonBar() {
  const { model } = useSheet();
  const variants = (node: string) => {
    const view = model.notebook.store.view.nodes[node];
    return view === undefined ? [] : variantGroups(view);
  };
  /** What can be compared: a score with variants, or a cell of numbers. */
  const compared = createMemo(() => {
    const cells = model.allColumns().filter((column): column is CellColumn => column.type === "cell");
    const column = cells.find(({ kind, node }) => kind === "score" && variants(node).length > 1);
    return column === undefined ? null : { cell: column.cell, variants: variants(column.node) };
  });
  const [picked, setPicked] = createSignal<readonly [number, number]>([1, 0]);
  const pair = () => {
    const count = compared()?.variants.length ?? 0;
    const [first, second] = picked();
    return [Math.min(first, count - 1), Math.min(second, count - 1)] as const;
  };
  const comparison = createAnswer(
    () => {
      const now = compared();
      const [first, second] = pair();
      if (now === null || first === second) return null;
      return [
        now.cell,
        now.variants[first]!.at,
        now.variants[second]!.at,
        model.view(),
        model.sheet()?.version ?? 0,
      ] as const;
    },
    async ([cell, first, second, view]) =>
      (await model.api.compare(view, cell, first, second)) as VariantComparison | null,
  );
  const detectable = (): string => {
    const found = comparison.value()?.detectable ?? null;
    return found === null
      ? ""
      : `So many rows show a difference of ${(found * 100).toFixed(1)} points four times out of five.`;
  };
  return (
    <Show when={compared()}>
      {(now) => (
        <div class="sheet-comparison">
          <span class="sheet-comparison-pick">
            <VariantPick
              label="Compare"
              variants={now().variants.map(({ at }) => labelsText(at))}
              picked={pair()[0]}
              pick={(index) => setPicked([index, pair()[1]])}
            />
            with
            <VariantPick
              label="Compare with"
              variants={now().variants.map(({ at }) => labelsText(at))}
              picked={pair()[1]}
              pick={(index) => setPicked([pair()[0], index])}
            />
          </span>
          <span class="sheet-comparison-words" role="status">
            <Show when={comparison.problem() === undefined} fallback="The two could not be compared.">
              <Sentence
                text={
                  pair()[0] === pair()[1] ? "Choose two different variants." : (comparison.value()?.sentence ?? "…")
                }
              />
            </Show>
          </span>
          <small>{detectable()}</small>
        </div>
      )}
    </Show>
  );
}

/** The finding first and strong, its figures after it. */
function Sentence(props: { readonly text: string }) {
  const parts = () => /^(.*?)((?: between | on | cannot be compared| are equal| differ by ).*)$/.exec(props.text);
  return (
    <>
      <b>{parts()?.[1] ?? props.text}</b>
      {parts()?.[2] ?? ""}
    </>
  );
}

function VariantPick(props: {
  readonly label: string;
  readonly variants: readonly string[];
  readonly picked: number;
  pick(index: number): void;
}) {
  return (
    <select
      class="field"
      aria-label={props.label}
      value={props.picked}
      onChange={(event) => props.pick(Number(event.currentTarget.value))}
    >
      <For each={props.variants}>{(variant, index) => <option value={index()}>{variant}</option>}</For>
    </select>
  );
}
