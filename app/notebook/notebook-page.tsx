import { useNavigate, useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, For, on, onMount, lazy, Match, Show, Suspense, Switch } from "solid-js";
import { CellBlock } from "./cell-block";
import { createNotebookContext } from "./create-notebook-context";
import { notebookAddress } from "./notebook-address";
import { NotebookContext } from "./notebook-context";
import { pageBlocks, readBlock } from "./page-blocks";
import { ProseBlock } from "./prose-block";
import { TopBar } from "./top-bar";
import { inspectorIsShown } from "~/inspector/beside-screen";
import { toasts } from "~/ui/toasts";
import { Inspector } from "~/inspector/inspector";
import "./notebook-page.css";

const tools = () => import("./page-tools");
const PageBars = lazy(async () => ({ default: (await tools()).PageBars }));
const NotShown = lazy(async () => ({ default: (await import("./not-shown")).NotShown }));
const FirstCell = lazy(async () => ({ default: (await tools()).FirstCell }));
const NotANotebook = lazy(async () => ({ default: (await tools()).NotANotebook }));
const PagePanels = lazy(async () => ({ default: (await tools()).PagePanels }));
const SheetTopBar = lazy(async () => ({ default: (await import("~/sheet/sheet-top-bar")).SheetTopBar }));
const InputsForm = lazy(async () => ({ default: (await import("./inputs-form")).InputsForm }));
const OutlineRail = lazy(async () => ({ default: (await import("./outline-rail")).OutlineRail }));
const Reader = lazy(async () => ({ default: (await import("~/values/reader")).Reader }));
const SheetScreen = lazy(async () => ({ default: (await import("~/sheet/sheet-screen")).SheetScreen }));
const CompareScreen = lazy(async () => ({ default: (await import("~/compare/compare-screen")).CompareScreen }));
const CompareTopBar = lazy(async () => ({ default: (await import("~/compare/compare-top-bar")).CompareTopBar }));
const WordingsBlock = lazy(async () => ({ default: (await import("./wordings-block")).WordingsBlock }));

/** One notebook: its document with results in their places, and beside it what is selected. */
export function NotebookPage(props: { readonly path: string }) {
  const context = createNotebookContext(props.path);
  const { store, page, blocks } = context;
  const head = () => store.view.head.head;
  const [params] = useSearchParams<{ sheet?: string; compare?: string }>();
  const navigate = useNavigate();
  // The link that led here keeps the focus, and with it all keys; Tab still goes on from there.
  onMount(() => {
    const link = document.activeElement;
    if (link instanceof HTMLElement && link.closest("#rail") !== null) link.blur();
  });
  createEffect(
    on(
      () => store.path,
      (path) => {
        navigate(notebookAddress(path) + location.search, { replace: true, scroll: false });
        toasts.say(`The notebook is ${path.replace(/^notebooks\//, "")} now.`);
      },
      { defer: true },
    ),
  );
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
          <Suspense>
            <NotShown problem={store.problem()!} />
          </Suspense>
        </Match>
        <Match when={store.ready()}>
          <div
            class="notebook"
            classList={{
              "on-screen": params.sheet !== undefined || params.compare !== undefined,
              inspected: inspectorIsShown(),
            }}
          >
            <div class="notebook-main">
              <Switch fallback={<TopBar />}>
                <Match when={params.sheet}>
                  {(sheet) => (
                    <Suspense fallback={<div class="top-bar" />}>
                      <SheetTopBar sheet={sheet()} />
                    </Suspense>
                  )}
                </Match>
                <Match when={params.compare}>
                  {(node) => (
                    <Suspense fallback={<div class="top-bar" />}>
                      <CompareTopBar node={node()} />
                    </Suspense>
                  )}
                </Match>
              </Switch>
              <Suspense>
                <PageBars />
              </Suspense>
              <Switch
                fallback={
                  <main
                    class="document"
                    aria-label={head().title}
                    data-commands
                    data-listens={page.isListening() ? "" : undefined}
                  >
                    <Show when={head().inputs.length > 0}>
                      <Suspense fallback={<div class="inputs-space" style={{ "--inputs": head().inputs.length }} />}>
                        <InputsForm />
                      </Suspense>
                    </Show>
                    <Show when={!head().isNotebook}>
                      <Suspense>
                        <NotANotebook />
                      </Suspense>
                    </Show>
                    <For each={shown()}>
                      {(block) => {
                        const { type, keys } = readBlock(block);
                        if (type === "prose") return <ProseBlock key={keys[0]!} />;
                        if (type === "cell") return <CellBlock path={keys[0]!} />;
                        return (
                          <Suspense>
                            <WordingsBlock paths={keys} />
                          </Suspense>
                        );
                      }}
                    </For>
                    <Show
                      when={head().isNotebook && blocks().all.every((block) => store.view.cells[block] === undefined)}
                    >
                      <Suspense>
                        <FirstCell />
                      </Suspense>
                    </Show>
                  </main>
                }
              >
                <Match when={params.sheet} keyed>
                  {(sheet) => (
                    <Suspense>
                      <SheetScreen sheet={sheet} />
                    </Suspense>
                  )}
                </Match>
                <Match when={params.compare} keyed>
                  {(node) => (
                    <Suspense>
                      <CompareScreen node={node} />
                    </Suspense>
                  )}
                </Match>
              </Switch>
              <Suspense>
                <PagePanels />
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
