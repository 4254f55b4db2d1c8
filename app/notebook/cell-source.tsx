import { createMemo, createSignal, lazy, Show, Suspense } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { nearViewport } from "~/editor/near-viewport";
import { isPreviewShown, togglePreview } from "~/editor/shown-previews";
import { useNotebook } from "./notebook-context";
import "./cell-source.css";

const CellEditor = lazy(async () => ({ default: (await import("~/editor/cell-editor")).CellEditor }));
const ConflictBar = lazy(async () => ({ default: (await import("~/editor/conflict-bar")).ConflictBar }));
const PromptPreview = lazy(async () => ({ default: (await import("~/editor/prompt-preview")).PromptPreview }));

/** A cell's text: an editor where it is seen, and until that is there, or far away, the text itself just as tall. */
export function CellSource(props: { readonly cell: CellView }) {
  const { store, drafts, selection, select } = useNotebook();
  const [element, setElement] = createSignal<HTMLElement>();
  const near = nearViewport(element);
  const path = () => props.cell.path;
  const draft = createMemo(() => drafts.of(path()));
  const text = () => draft()?.text ?? props.cell.source;
  const isEdited = () => selection().cell === path() && selection().mode === "edit";
  const still = () => <pre class="cell-still">{text().endsWith("\n") || text() === "" ? `${text()} ` : text()}</pre>;
  const leave = (): void => {
    select({ mode: "command" });
    element()?.focus({ preventScroll: true });
  };
  return (
    <Show when={isWritten(props.cell) || text() !== ""}>
      <div class="cell-text" classList={{ previewed: isPreviewShown(store.path, path()) }}>
        <div
          class="cell-source"
          ref={setElement}
          role="group"
          tabIndex={0}
          aria-label={`Text of ${path()}: Enter edits it, Escape leaves`}
          onFocus={(event) => {
            if (event.target === event.currentTarget) select({ cell: path() });
          }}
          onKeyDown={(event) => {
            if (event.target !== event.currentTarget) return;
            const previews = event.altKey && event.code === "KeyP";
            if (!previews && (event.key !== "Enter" || hasModifier(event))) return;
            event.preventDefault();
            event.stopPropagation();
            if (previews) togglePreview(store.path, path());
            else select({ cell: path(), mode: "edit" });
          }}
          onDblClick={() => select({ cell: path(), mode: "edit" })}
        >
          <Suspense fallback={still()}>
            <Show when={near() || isEdited()} fallback={still()}>
              <CellEditor cell={props.cell} leave={leave} />
            </Show>
          </Suspense>
        </div>
        <Show when={isPreviewShown(store.path, path())}>
          <Suspense>
            <PromptPreview cell={props.cell} />
          </Suspense>
        </Show>
      </div>
      <Show when={draft()?.theirs != null || draft()?.problem != null}>
        <Suspense>
          <ConflictBar path={path()} draft={draft()!} />
        </Suspense>
      </Show>
    </Show>
  );
}

/** Whether an empty text of a cell is there to be written into. */
function isWritten({ language, configuration, known }: CellView): boolean {
  return known && language !== "cells" && !(language === "data" && configuration["file"] !== undefined);
}

function hasModifier({ ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey || shiftKey;
}
