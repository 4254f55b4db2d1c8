import { createSignal, getOwner, onCleanup, onMount, runWithOwner } from "solid-js";
import { useNavigate } from "@solidjs/router";
import type { ActionContext, KindChoice } from "~/actions/action-context";
import { api } from "~/api";
import { createDrafts } from "~/editor/drafts";
import { createEstimates } from "~/money/estimates";
import { warmDialogs } from "~/ui/dialogs";
import { warmMenus } from "~/ui/menu";
import { toasts } from "~/ui/toasts";
import { createDragging } from "./dragging";
import { createNotebookActions } from "./notebook-actions";
import type { NotebookContextValue, Selection } from "./notebook-context";
import { watchNotebook } from "./notebook-store";
import { createPageHands } from "./create-page-hands";
import { createPageState } from "./page-state";

/** What the parts of a notebook's page have at hand, and whether its keys do something yet. */
export interface NotebookPageState {
  readonly context: NotebookContextValue;
  readonly kinds: () => readonly KindChoice[];
  readonly isListening: () => boolean;
}

/** Opens a notebook on a page for as long as its owner is there. */
export function createNotebookContext(path: string): NotebookPageState {
  const store = watchNotebook(path);
  const head = () => store.view.head.head;
  const drafts = createDrafts(store);
  const actions = createNotebookActions(path, toasts, () => head().trusted, drafts.flush);
  const [selection, setSelection] = createSignal<Selection>({
    cell: null,
    mode: "command",
    address: null,
    anchor: null,
  });
  const select = (change: Partial<Selection>): void => {
    setSelection((before) => {
      const isOther = change.cell !== undefined && change.cell !== before.cell;
      return { ...before, ...(isOther ? { mode: "command", address: null, anchor: null } : {}), ...change };
    });
  };
  const { state: page, blocks } = createPageState(store.view);
  const [isListening, setListening] = createSignal(false);
  const [kinds, setKinds] = createSignal<readonly KindChoice[]>([]);
  const hands = createPageHands({ state: page, blocks, select, goTo: useNavigate() });
  const actionContext = (): ActionContext => ({
    view: store.view,
    selection: selection(),
    blocks: blocks(),
    outline: page.outline(),
    kinds: kinds(),
    server: actions,
    page: hands,
  });
  const act = async (id: string): Promise<void> =>
    (await import("~/actions/perform-named")).performNamed(id, actionContext());
  /** What changes whenever an estimate may: the text, the inputs, and what has been run. */
  const version = (): string => {
    if (!store.ready()) return "";
    const { revision, inputs, trusted } = head();
    const ended = Object.values(store.view.runs).map(({ id, endedAt }) => `${id}${endedAt}`);
    return JSON.stringify([revision, trusted, inputs.map(({ value }) => value), ended]);
  };
  const context: NotebookContextValue = {
    store,
    actions,
    drafts,
    selection,
    select,
    blocks,
    page,
    estimates: createEstimates(path, version),
    dragging: createDragging(actionContext),
    actionContext,
    act: (id) => void act(id),
  };
  onMount(() => {
    const gone = new AbortController();
    onCleanup(() => gone.abort());
    void import("~/actions/listen-to-keys").then(({ listenToKeys }) => {
      const stop = listenToKeys(actionContext);
      setListening(true);
      if (gone.signal.aborted) stop();
      gone.signal.addEventListener("abort", stop);
    });
    void api.workspace.kinds.query().then(setKinds, () => {});
    // What the first menu or question is drawn with is there before it is asked for.
    setTimeout(() => {
      warmMenus();
      warmDialogs();
    }, 1_500);
  });
  const owner = getOwner();
  onMount(async () => {
    const { keepWindowTitle } = await import("./page-title");
    runWithOwner(owner, () =>
      keepWindowTitle(() => (store.ready() ? { title: head().title, runs: Object.values(store.view.runs) } : null)),
    );
  });
  return { context, kinds, isListening };
}
