import { Show } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { useNotebook } from "./notebook-context";

/** A cell's text. */
export function CellSource(props: { readonly cell: CellView }) {
  const { select } = useNotebook();
  return (
    <Show when={props.cell.source !== ""}>
      <pre class="cell-source" onDblClick={() => select({ cell: props.cell.path, mode: "edit" })}>
        {props.cell.source}
      </pre>
    </Show>
  );
}
