import { createStore, produce, reconcile } from "solid-js/store";
import { createSignal, onCleanup, type Accessor } from "solid-js";
import type { Change, NotebookView } from "#server/workbench/view.ts";
import { api, problemOf } from "~/api";
import type { CellError } from "#server/notebook/value.ts";

/** A notebook as the server last told it, and whether it can be reached. */
export interface NotebookStore {
  readonly path: string;
  readonly view: NotebookView;
  /** False until the first answer. */
  readonly ready: Accessor<boolean>;
  /** Whether the page hears from the server now. */
  readonly connected: Accessor<boolean>;
  /** Why it cannot be shown at all. */
  readonly problem: Accessor<CellError | null>;
}

const empty: NotebookView = {
  head: {} as NotebookView["head"],
  prose: {},
  cells: {},
  nodes: {},
  results: {},
  sheets: {},
  streams: {},
  runs: {},
};

/** Follows a notebook for as long as its owner is on the page. */
export function watchNotebook(path: string): NotebookStore {
  const [view, setView] = createStore<NotebookView>(structuredClone(empty));
  const [ready, setReady] = createSignal(false);
  const [connected, setConnected] = createSignal(false);
  const [problem, setProblem] = createSignal<CellError | null>(null);

  const subscription = api.notebook.watch.subscribe(
    { path },
    {
      onData({ data: event }) {
        if (event.type === "snapshot") setView(reconcile(event.view as NotebookView, { merge: true }));
        else
          setView(
            produce((draft) => event.changes.forEach((change) => put(draft as unknown as Mutable, change as Change))),
          );
        setConnected(true);
        setProblem(null);
        setReady(true);
      },
      onConnectionStateChange: ({ state }) => {
        if (state === "connecting") setConnected(false);
      },
      onError: (thrown) => setProblem(problemOf(thrown)),
    },
  );
  onCleanup(() => subscription.unsubscribe());
  return { path, view, ready, connected, problem };
}

type Mutable = { [section: string]: { [key: string]: unknown } };

function put(draft: Mutable, change: Change): void {
  const section = draft[change.section]!;
  switch (change.type) {
    case "set":
      section[change.key] = change.value;
      return;
    case "append":
      section[change.key] = `${section[change.key] as string}${change.text}`;
      return;
    case "remove":
      delete section[change.key];
  }
}
