import {
  createSignal,
  For,
  getOwner,
  lazy,
  Match,
  onCleanup,
  onMount,
  runWithOwner,
  Show,
  Suspense,
  Switch,
} from "solid-js";
import { useNavigate } from "@solidjs/router";
import type { ActionContext, KindChoice } from "~/actions/action-context";
import { api } from "~/api";
import { createEstimates } from "~/money/estimates";
import { warmDialogs } from "~/ui/dialogs";
import { warmMenus } from "~/ui/menu";
import { toasts } from "~/ui/toasts";
import { CellBlock } from "./cell-block";
import { createDragging } from "./dragging";
import { createPageHands } from "./create-page-hands";
import { createPageState } from "./page-state";
import { NotebookContext, type NotebookContextValue, type Selection } from "./notebook-context";
import { createNotebookActions } from "./notebook-actions";
import { watchNotebook } from "./notebook-store";
import { ProseBlock } from "./prose-block";
import { TopBar } from "./top-bar";
import { Inspector } from "~/inspector/inspector";
import "./notebook-page.css";

const FileProblem = lazy(async () => ({ default: (await import("./file-problem")).FileProblem }));
const TrustBar = lazy(async () => ({ default: (await import("./trust-bar")).TrustBar }));
const InputsForm = lazy(async () => ({ default: (await import("./inputs-form")).InputsForm }));
const OutlineRail = lazy(async () => ({ default: (await import("./outline-rail")).OutlineRail }));
const RunConfirmation = lazy(async () => ({ default: (await import("./run-confirmation")).RunConfirmation }));
const CommandPalette = lazy(async () => ({ default: (await import("~/actions/command-palette")).CommandPalette }));
const HelpDialog = lazy(async () => ({ default: (await import("~/actions/help-dialog")).HelpDialog }));
const FindPanel = lazy(async () => ({ default: (await import("./find-panel")).FindPanel }));
const ProblemsPanel = lazy(async () => ({ default: (await import("./problems-panel")).ProblemsPanel }));

/** One notebook: its document with results in their places, and beside it what is selected. */
export function NotebookPage(props: { readonly path: string }) {
  const store = watchNotebook(props.path);
  const head = () => store.view.head.head;
  const actions = createNotebookActions(props.path, toasts, () => head().trusted);
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
    selection,
    select,
    blocks,
    page,
    estimates: createEstimates(props.path, version),
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

  return (
    <NotebookContext.Provider value={context}>
      <Switch fallback={<p class="page-loading">Opening the notebook …</p>}>
        <Match when={store.problem() !== null && !store.ready()}>
          <div class="empty">
            <h2>This notebook cannot be shown</h2>
            <p>{store.problem()!.message}</p>
            <p>{store.problem()!.cure}</p>
          </div>
        </Match>
        <Match when={store.ready()}>
          <div class="notebook">
            <div class="notebook-main">
              <TopBar />
              <Suspense>
                <Show when={!head().trusted}>
                  <TrustBar />
                </Show>
                <Show when={head().fileProblem !== null}>
                  <FileProblem />
                </Show>
                <Show when={Object.values(store.view.runs).some(({ confirm }) => confirm !== null)}>
                  <RunConfirmation />
                </Show>
              </Suspense>
              <main class="document" aria-label={head().title} data-commands data-listens={isListening()}>
                <Show when={head().inputs.length > 0}>
                  <Suspense fallback={<div class="inputs-space" style={{ "--inputs": head().inputs.length }} />}>
                    <InputsForm />
                  </Suspense>
                </Show>
                <For each={head().order}>
                  {(block) => (
                    <Show when={!page.folding().blocks.has(block.type === "prose" ? `prose:${block.key}` : block.path)}>
                      {block.type === "prose" ? <ProseBlock key={block.key} /> : <CellBlock path={block.path} />}
                    </Show>
                  )}
                </For>
                <Show when={blocks().all.every((block) => store.view.cells[block] === undefined)}>
                  <FirstCell
                    kinds={kinds()}
                    insert={async (kind) =>
                      (await import("~/actions/insert-cell")).insertKind(actionContext(), kind, blocks().all.length)
                    }
                  />
                </Show>
              </main>
              <Suspense>
                <Show when={page.panel() === "find"}>
                  <FindPanel />
                </Show>
                <Show when={page.panel() === "problems"}>
                  <ProblemsPanel />
                </Show>
                <Show when={page.panel() === "palette"}>
                  <CommandPalette context={actionContext} onClose={() => page.openPanel(null)} />
                </Show>
                <Show when={page.panel() === "help"}>
                  <HelpDialog context={actionContext} onClose={() => page.openPanel(null)} />
                </Show>
              </Suspense>
            </div>
            <Inspector />
          </div>
          <Suspense>
            <OutlineRail />
          </Suspense>
        </Match>
      </Switch>
    </NotebookContext.Provider>
  );
}

/** What a notebook without cells says, and how to begin. */
function FirstCell(props: { readonly kinds: readonly KindChoice[]; readonly insert: (kind: string) => Promise<void> }) {
  const first = () => props.kinds.filter(({ kind }) => ["prompt", "data", "sql", "template"].includes(kind));
  return (
    <div class="first-cell">
      <p>This notebook has no cell yet. Begin with one:</p>
      <div class="first-kinds">
        <For each={first()}>
          {({ kind, title, description }) => (
            <button type="button" class="button" data-tip={description} onClick={() => void props.insert(kind)}>
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
