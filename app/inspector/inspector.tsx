import { lazy, Show, Suspense } from "solid-js";
import { useNotebook } from "~/notebook/notebook-context";
import "./inspector.css";

const InspectorPanel = lazy(() =>
  import("./inspector-panel").then(({ InspectorPanel }) => ({ default: InspectorPanel })),
);

/** Explains what is selected, completely. */
export function Inspector() {
  const { store, selection } = useNotebook();
  const cell = () => {
    const { cell } = selection();
    return cell !== null && store.view.cells[cell] !== undefined ? cell : null;
  };
  return (
    <aside class="inspector" aria-label="Inspector">
      <Show
        when={cell() ?? selection().address}
        fallback={
          <div class="inspector-empty">
            <p>Select a cell or an answer, and it is explained here:</p>
            <p class="dim">
              what was sent for it and what came back, tokens, time and money, its other answers, and why it is stale.
            </p>
          </div>
        }
      >
        <Suspense>
          <InspectorPanel />
        </Suspense>
      </Show>
    </aside>
  );
}
