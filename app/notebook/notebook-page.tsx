import { useSearchParams } from "@solidjs/router";
import { createMemo, For, lazy, Match, Show, Suspense, Switch } from "solid-js";
import type { KindChoice } from "~/actions/action-context";
import { CellBlock } from "./cell-block";
import { createNotebookContext } from "./create-notebook-context";
import { NotebookContext } from "./notebook-context";
import { pageBlocks, readBlock } from "./page-blocks";
import { ProseBlock } from "./prose-block";
import { TopBar } from "./top-bar";
import { rowIsShown } from "~/sheet/row-tab";
import { Inspector } from "~/inspector/inspector";
import "./notebook-page.css";

const WordingsBlock = lazy(async () => ({ default: (await import("./wordings-block")).WordingsBlock }));
const Reader = lazy(async () => ({ default: (await import("~/values/reader")).Reader }));
const SheetScreen = lazy(async () => ({ default: (await import("~/sheet/sheet-screen")).SheetScreen }));
const FileProblem = lazy(async () => ({ default: (await import("./file-problem")).FileProblem }));
const LostDrafts = lazy(async () => ({ default: (await import("~/editor/lost-drafts")).LostDrafts }));
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
  const { context, kinds, isListening } = createNotebookContext(props.path);
  const { store, page, blocks, actionContext } = context;
  const head = () => store.view.head.head;
  const [params] = useSearchParams<{ sheet?: string }>();
  /** What is on the page: the wordings of one cell together, without what is folded away. */
  const shown = createMemo(() => {
    const { blocks: hidden } = page.folding();
    return (store.ready() ? pageBlocks(head().order, store.view) : []).filter((block) => {
      const { type, keys } = readBlock(block);
      return !hidden.has(type === "prose" ? block : keys[0]!);
    });
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
          <div class="notebook" classList={{ "of-sheet": params.sheet !== undefined, inspected: rowIsShown() }}>
            <div class="notebook-main">
              <Show when={params.sheet === undefined}>
                <TopBar />
              </Show>
              <Suspense>
                <Show when={!head().trusted}>
                  <TrustBar />
                </Show>
                <Show when={head().fileProblem !== null}>
                  <FileProblem />
                </Show>
                <Show when={context.drafts.lost().length > 0}>
                  <LostDrafts />
                </Show>
                <Show when={Object.values(store.view.runs).some(({ confirm }) => confirm !== null)}>
                  <RunConfirmation />
                </Show>
              </Suspense>
              <Show when={params.sheet} keyed>
                {(sheet) => (
                  <Suspense>
                    <SheetScreen sheet={sheet} />
                  </Suspense>
                )}
              </Show>
              <Show when={params.sheet === undefined}>
                <main class="document" aria-label={head().title} data-commands data-listens={isListening()}>
                  <Show when={head().inputs.length > 0}>
                    <Suspense fallback={<div class="inputs-space" style={{ "--inputs": head().inputs.length }} />}>
                      <InputsForm />
                    </Suspense>
                  </Show>
                  <For each={shown()}>
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
                  <Show when={blocks().all.every((block) => store.view.cells[block] === undefined)}>
                    <FirstCell
                      kinds={kinds()}
                      insert={async (kind) =>
                        (await import("~/actions/insert-cell")).insertKind(actionContext(), kind, blocks().all.length)
                      }
                    />
                  </Show>
                </main>
              </Show>
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
            <Reader />
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
