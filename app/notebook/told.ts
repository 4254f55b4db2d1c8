import { createEffect, createRoot } from "solid-js";
import type { NotebookStore } from "./notebook-store";

/** Milliseconds for which what the server has is waited for here: a page that hears nothing does not stand still. */
const patience = 3_000;

/** Waits until a page has been told of a revision of its notebook. */
export function told({ view }: Pick<NotebookStore, "view">, revision: number): Promise<void> {
  return new Promise((resolve) =>
    createRoot((dispose) => {
      const end = (): void => {
        clearTimeout(timer);
        dispose();
        resolve();
      };
      const timer = setTimeout(end, patience);
      createEffect(() => view.head.head.revision >= revision && end());
    }),
  );
}
