import { createComputed, createRoot, createSignal, untrack } from "solid-js";
import type { NotebookView } from "#server/workbench/view.ts";
import { renameSettings } from "./rename-settings";

const [carried, setCarried] = createSignal(0);

/** Rises when what is remembered of sheets has been carried to other names. */
export { carried };

/**
 * Carries what this browser remembers of a notebook's sheets along when the cell or sheet at the path `from` is at `to`, and back when
 * that is undone. Gives what ends that.
 */
export function followRename(
  notebook: { readonly path: string; readonly view: Pick<NotebookView, "cells"> },
  from: string,
  to: string,
): () => void {
  return createRoot((dispose) => {
    let now = from;
    createComputed(() => {
      const next = now === from ? to : from;
      const paths = new Set(
        Object.values(notebook.view.cells).map(({ container, name }) =>
          container === null ? name : `${container}.${name}`,
        ),
      );
      if (!paths.has(next) || paths.has(now)) return;
      renameSettings(
        localStorage,
        untrack(() => notebook.path),
        now,
        next,
      );
      now = next;
      setCarried((before) => before + 1);
    });
    return dispose;
  });
}
