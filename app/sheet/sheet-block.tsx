import { Show } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { useNotebook } from "~/notebook/notebook-context";

/** A sheet in the document: its grid. */
export function SheetBlock(props: { readonly cell: CellView }) {
  const { store } = useNotebook();
  const sheet = () => store.view.sheets[props.cell.path];
  return (
    <Show when={sheet()} fallback={<p class="ghost">The rows are not there yet.</p>}>
      {(now) => <p class="dim">{now().rowCount ?? 0} rows</p>}
    </Show>
  );
}
