import { createMemo, createSignal, For, lazy, Match, Show, Suspense, Switch } from "solid-js";
import { toasts } from "~/ui/toasts";
import { CellBlock } from "./cell-block";
import { FileProblem } from "./file-problem";
import { InputsForm } from "./inputs-form";
import { NotebookContext, type Selection } from "./notebook-context";
import { createNotebookActions } from "./notebook-actions";
import { watchNotebook } from "./notebook-store";
import { pageBlocks, readBlock } from "./page-blocks";
import { ProseBlock } from "./prose-block";
import { RunConfirmation } from "./run-confirmation";
import { TopBar } from "./top-bar";
import { Inspector } from "~/inspector/inspector";
import { Reader } from "~/values/reader";
import "./notebook-page.css";

const WordingsBlock = lazy(() => import("./wordings-block").then(({ WordingsBlock }) => ({ default: WordingsBlock })));

/** One notebook: its document with results in their places, and beside it what is selected. */
export function NotebookPage(props: { readonly path: string }) {
  const store = watchNotebook(props.path);
  const actions = createNotebookActions(props.path, toasts);
  const [selection, setSelection] = createSignal<Selection>({ cell: null, mode: "command", address: null });
  // The answer that is explained is one of the selected cell's.
  const select = (change: Partial<Selection>): void =>
    void setSelection((before) => ({
      ...before,
      ...(change.cell === undefined || change.cell === before.cell ? {} : { address: null }),
      ...change,
    }));
  const head = () => store.view.head.head;
  const blocks = createMemo(() => (store.ready() ? pageBlocks(head().order, store.view) : []));
  return (
    <NotebookContext.Provider value={{ store, actions, selection, select }}>
      <Switch>
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
              <FileProblem />
              <RunConfirmation />
              <main class="document" aria-label={head().title}>
                <Show when={head().inputs.length > 0}>
                  <InputsForm />
                </Show>
                <For each={blocks()}>
                  {(block) => {
                    const { type, keys } = readBlock(block);
                    return type === "prose" ? (
                      <ProseBlock key={keys[0]!} />
                    ) : type === "cell" ? (
                      <CellBlock path={keys[0]!} />
                    ) : (
                      <Suspense>
                        <WordingsBlock paths={keys} />
                      </Suspense>
                    );
                  }}
                </For>
              </main>
            </div>
            <Inspector />
            <Reader />
          </div>
        </Match>
      </Switch>
    </NotebookContext.Provider>
  );
}
