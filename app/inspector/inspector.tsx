import { Show } from "solid-js";
import { useNotebook } from "~/notebook/notebook-context";
import "./inspector.css";

/** Explains what is selected, completely. */
export function Inspector() {
  const { selection } = useNotebook();
  return (
    <aside class="inspector" aria-label="Inspector">
      <Show
        when={selection().address ?? selection().cell}
        fallback={<p class="dim">Select a cell or an answer, and it is explained here.</p>}
      >
        {(what) => <p class="mono">{what()}</p>}
      </Show>
    </aside>
  );
}
