import { createEffect, createMemo, createSignal, lazy, Show, Suspense, type Component } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { nearViewport } from "~/editor/near-viewport";
import { isPreviewShown } from "~/editor/shown-previews";
import { useNotebook } from "./notebook-context";
import "./cell-source.css";

const ConflictBar = lazy(async () => ({ default: (await import("~/editor/conflict-bar")).ConflictBar }));
const PromptPreview = lazy(async () => ({ default: (await import("~/editor/prompt-preview")).PromptPreview }));

type Editor = Component<{ readonly cell: CellView }>;

/** The editor, which comes later. As a signal and not by `Suspense`: that would now and then leave neither text nor editor on the page. */
const [loadedEditor, setLoadedEditor] = createSignal<Editor>();
let isAsked = false;
function loadEditor(): void {
  if (isAsked) return;
  isAsked = true;
  import("~/editor/cell-editor").then(
    ({ CellEditor }) => setLoadedEditor(() => CellEditor),
    (thrown: unknown) => {
      isAsked = false;
      throw thrown;
    },
  );
}

/** A cell's text: an editor where it is seen, and until that is there, or far away, the text itself just as tall. */
export function CellSource(props: { readonly cell: CellView }) {
  const { store, drafts, selection, select } = useNotebook();
  const [element, setElement] = createSignal<HTMLElement>();
  const near = nearViewport(element);
  const path = () => props.cell.path;
  const draft = createMemo(() => drafts.of(path()));
  const text = () => draft()?.text ?? props.cell.source;
  const isEdited = () => selection().cell === path() && selection().mode === "edit";
  const isPreviewed = () => isPreviewShown(store.path, path());
  const isEditable = () => near() || isEdited();
  createEffect(() => isEditable() && loadEditor());
  const shown = createMemo(
    () => {
      const Editor = loadedEditor();
      return isEditable() && Editor !== undefined ? { path: path(), Editor } : null;
    },
    null,
    { equals: (before, now) => before?.path === now?.path && before?.Editor === now?.Editor },
  );
  const still = () => <pre class="cell-still">{text() === "" || text().endsWith("\n") ? `${text()} ` : text()}</pre>;
  return (
    <Show when={isWritten(props.cell) || text() !== ""}>
      <div class="cell-text" classList={{ previewed: isPreviewed() }}>
        <div class="cell-source" ref={setElement} onDblClick={() => select({ cell: path(), mode: "edit" })}>
          {/* The wordings of a cell take turns in one place, each with an editor of its own. */}
          <Show when={shown()} keyed fallback={still()}>
            {({ Editor }) => <Editor cell={props.cell} />}
          </Show>
        </div>
        <Show when={isPreviewed()}>
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
