import { createResource, For } from "solid-js";
import { insertKind } from "~/actions/insert-cell";
import { useNotebook } from "./notebook-context";
import { allKinds } from "./all-kinds";
import { useHands } from "./use-hands";
import "./first-cell.css";

/** What a notebook without cells says, and how to begin. */
export function FirstCell() {
  const { blocks } = useNotebook();
  const { actionContext } = useHands();
  const [kinds] = createResource(allKinds);
  const first = () => (kinds.latest ?? []).filter(({ kind }) => ["prompt", "data", "sql", "template"].includes(kind));
  return (
    <div class="first-cell">
      <p>This notebook has no cell yet. Begin with one:</p>
      <div class="first-kinds">
        <For each={first()}>
          {({ kind, title, description }) => (
            <button
              type="button"
              class="button"
              data-tip={description}
              onClick={() => void insertKind(actionContext(), kind, blocks().all.length)}
            >
              {title}
            </button>
          )}
        </For>
      </div>
      <p>
        Or press <kbd>B</kbd> for all kinds, <kbd>V</kbd> to paste Markdown, <kbd>?</kbd> for all keys.
      </p>
    </div>
  );
}
