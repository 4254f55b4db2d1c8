import { For } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { sourcePlace } from "~/editor/source-diagnostics";
import { asSentence } from "~/ui/as-sentence";
import { CodeWords } from "~/ui/code-words";
import { isTyped } from "./is-typed";
import { useNotebook } from "./notebook-context";

/** What is wrong with a cell. What is wrong in its text is underlined there while that is typed in, so that no line comes and goes with every key. */
export function CellProblems(props: { readonly cell: CellView }) {
  const { selection } = useNotebook();
  const shown = () =>
    props.cell.diagnostics.filter(
      ({ position }) => !isTyped(selection(), props.cell) || sourcePlace(props.cell, position) === null,
    );
  return (
    <For each={shown()}>
      {(one) => (
        <p class="cell-diagnostic" classList={{ warning: one.severity === "warning" }}>
          <CodeWords text={asSentence(one.message)} />{" "}
          <span>
            <CodeWords text={one.cure ?? ""} />
          </span>
        </p>
      )}
    </For>
  );
}
