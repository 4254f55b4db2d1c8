import { createStore, produce, reconcile } from "solid-js/store";
import { createEffect, createSignal, on, onCleanup, type Accessor } from "solid-js";
import type { Change, NotebookView } from "#server/workbench/view.ts";
import { api, problemOf } from "~/api";
import { currentPath, notebookMoved } from "./moved-notebooks";
import type { CellError } from "#server/notebook/value.ts";

/** A notebook as the server last told it, and whether it can be reached. */
export interface NotebookStore {
  /** Another one when its file is renamed meanwhile: signals are read. */
  readonly path: string;
  readonly view: NotebookView;
  /** False until the first answer. */
  readonly ready: Accessor<boolean>;
  /** Whether the page hears from the server now. */
  readonly connected: Accessor<boolean>;
  /** Why it cannot be shown, or is not up to date. */
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

/** Milliseconds. */
const tryAgainIn = 2_000;

/** Follows a notebook for as long as its owner is on the page, also under another path. */
export function watchNotebook(opened: string): NotebookStore {
  // Its path may have been another notebook's that is elsewhere now.
  notebookMoved(opened, opened);
  const [view, setView] = createStore<NotebookView>(structuredClone(empty));
  const [ready, setReady] = createSignal(false);
  const [connected, setConnected] = createSignal(false);
  const [problem, setProblem] = createSignal<CellError | null>(null);

  /** Follows it at a path until it is called. The server ends that with an error where the file is away, or no text: it may be back. */
  function watch(path: string): () => void {
    let again: ReturnType<typeof setTimeout> | undefined;
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
          if (view.head.head.path !== currentPath(opened)) notebookMoved(opened, view.head.head.path);
        },
        onConnectionStateChange: ({ state }) => {
          if (state === "connecting") setConnected(false);
        },
        onError(thrown) {
          setConnected(false);
          setProblem(problemOf(thrown));
          again = setTimeout(() => (leave = watch(path)), tryAgainIn);
        },
      },
    );
    return () => {
      clearTimeout(again);
      subscription.unsubscribe();
    };
  }
  let leave = watch(currentPath(opened));
  createEffect(
    on(
      () => currentPath(opened),
      (path) => {
        // A server that is started again knows the new path alone.
        leave();
        leave = watch(path);
      },
      { defer: true },
    ),
  );
  onCleanup(() => leave());
  return {
    get path() {
      return currentPath(opened);
    },
    view,
    ready,
    connected,
    problem,
  };
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
