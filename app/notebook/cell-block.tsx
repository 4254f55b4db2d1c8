import { createMemo, lazy, Match, Show, Suspense, Switch } from "solid-js";
import { BlockFrame } from "./block-frame";
import { CellHead } from "./cell-head";
import { CellText } from "./cell-text";
import { cellSetting } from "./cell-setting";
import { useNotebook } from "./notebook-context";
import "./cell-block.css";

const CellProblems = lazy(async () => ({ default: (await import("./page-tools")).CellProblems }));
// Text comes first, and what it came to right after it.
const CellResults = lazy(async () => ({ default: (await import("./cell-results")).CellResults }));
const InnerCells = lazy(async () => ({ default: (await import("~/sheet/inner-cells")).InnerCells }));
const SheetBlock = lazy(async () => ({ default: (await import("~/sheet/sheet-block")).SheetBlock }));

/** A cell in the flow of the document: its head, its text, its results, unless they stand elsewhere. */
export function CellBlock(props: { readonly path: string; readonly bare?: boolean }) {
  const { store, page } = useNotebook();
  const cell = createMemo(() => store.view.cells[props.path]);
  return (
    <Show when={cell()}>
      {(now) => (
        <BlockFrame block={props.path} class="cell" kind={now().kind} label={`${now().kind} ${now().path}`}>
          <CellHead cell={now()} />
          <Switch
            fallback={
              <>
                <Show when={cellSetting(now(), "hidden") !== true && !page.isCodeHidden()}>
                  <CellText cell={now()} />
                </Show>
                <Show when={now().known}>
                  <Suspense>
                    <CellProblems cell={now()} />
                  </Suspense>
                  <Show when={props.bare !== true}>
                    <Suspense>
                      <CellResults cell={now()} />
                    </Suspense>
                  </Show>
                </Show>
              </>
            }
          >
            <Match when={now().kind === "sheet"}>
              <Suspense>
                <CellProblems cell={now()} />
              </Suspense>
              <Show when={!page.isCodeHidden()}>
                <CellText cell={now()} />
              </Show>
              <Suspense>
                <Show when={now().children.length > 0 && !page.isCodeHidden()}>
                  <InnerCells sheet={now()} />
                </Show>
                <SheetBlock cell={now()} />
              </Suspense>
            </Match>
          </Switch>
        </BlockFrame>
      )}
    </Show>
  );
}
