import { createSignal, For, Match, Show, Switch } from "solid-js";
import { createDrafts } from "~/editor/drafts";
import { LostDrafts } from "~/editor/lost-drafts";
import { toasts } from "~/ui/toasts";
import { CellBlock } from "./cell-block";
import { FileProblem } from "./file-problem";
import { InputsForm } from "./inputs-form";
import { NotebookContext, type Selection } from "./notebook-context";
import { createNotebookActions } from "./notebook-actions";
import { watchNotebook } from "./notebook-store";
import { ProseBlock } from "./prose-block";
import { RunConfirmation } from "./run-confirmation";
import { TopBar } from "./top-bar";
import { Inspector } from "~/inspector/inspector";
import "./notebook-page.css";

/** One notebook: its document with results in their places, and beside it what is selected. */
export function NotebookPage(props: { readonly path: string }) {
  const store = watchNotebook(props.path);
  const drafts = createDrafts(store);
  const actions = createNotebookActions(props.path, toasts, drafts.flush);
  const [selection, setSelection] = createSignal<Selection>({ cell: null, mode: "command", address: null });
  const select = (change: Partial<Selection>): void => void setSelection((before) => ({ ...before, ...change }));
  const head = () => store.view.head.head;
  return (
    <NotebookContext.Provider value={{ store, actions, drafts, selection, select }}>
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
              <LostDrafts />
              <RunConfirmation />
              <main class="document" aria-label={head().title}>
                <Show when={head().inputs.length > 0}>
                  <InputsForm />
                </Show>
                <For each={head().order}>
                  {(block) =>
                    block.type === "prose" ? <ProseBlock key={block.key} /> : <CellBlock path={block.path} />
                  }
                </For>
              </main>
            </div>
            <Inspector />
          </div>
        </Match>
      </Switch>
    </NotebookContext.Provider>
  );
}
