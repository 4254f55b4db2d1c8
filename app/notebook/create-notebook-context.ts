import { createSignal, untrack } from "solid-js";
import { createDrafts } from "~/editor/drafts";
import { toasts } from "~/ui/toasts";
import { fetchedAgain } from "./fetched-again";
import { later } from "./later";
import type { NotebookContextValue, Selection } from "./notebook-context";
import { watchNotebook } from "./notebook-store";
import { createPageState } from "./page-state";

const nothing: Selection = { cell: null, mode: "command", address: null, anchor: null };

const notLoaded = {
  code: "page.not-loaded",
  message: "A part of this page could not be loaded, and nothing was done",
  cure: "Is the server still running? Try again; if it stays so, reload the page.",
};

const loadActions = fetchedAgain(() => import("./notebook-actions"));

/** Opens a notebook on a page for as long as its owner is there. */
export function createNotebookContext(path: string): NotebookContextValue {
  const store = watchNotebook(path);
  const [selection, setSelection] = createSignal(nothing);
  const select = (change: Partial<Selection>): void =>
    void setSelection((before) => {
      const isOther = change.cell !== undefined && change.cell !== before.cell;
      return { ...before, ...(isOther ? { mode: "command", address: null, anchor: null } : {}), ...change };
    });
  // Who types goes on typing where the text is.
  const drafts = createDrafts(store, (from, to) => {
    const { cell, mode } = untrack(selection);
    if (cell === from) select({ cell: to, mode });
  });
  const { state: page, blocks } = createPageState(store.view);
  return {
    store,
    actions: later(
      async () => (await loadActions()).createNotebookActions(store, toasts, drafts, page.comparedRow),
      () => toasts.problem(notLoaded),
    ),
    drafts,
    selection,
    select,
    blocks,
    page,
  };
}
