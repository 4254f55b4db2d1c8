import { createMemo, For, Match, Show, Switch } from "solid-js";
import { BlockFrame } from "./block-frame";
import { CellHead } from "./cell-head";
import { CellResults } from "./cell-results";
import { CellSource } from "./cell-source";
import { useNotebook } from "./notebook-context";
import { SheetBlock } from "~/sheet/sheet-block";
import "./cell-block.css";

/** A cell in the flow of the document: its head, its text, its results. */
export function CellBlock(props: { readonly path: string }) {
  const { store, page } = useNotebook();
  const cell = createMemo(() => store.view.cells[props.path]);
  return (
    <Show when={cell()}>
      {(now) => (
        <BlockFrame block={props.path} class="cell" kind={now().kind} label={`${now().kind} ${now().path}`}>
          <CellHead cell={now()} />
          <For each={now().known ? now().diagnostics : []}>
            {(one) => (
              <p class="cell-diagnostic" classList={{ warning: one.severity === "warning" }}>
                {one.message}. <span>{one.cure}</span>
              </p>
            )}
          </For>
          <Switch
            fallback={
              <>
                <Show when={now().configuration["hidden"] !== true && !page.isCodeHidden()}>
                  <CellSource cell={now()} />
                </Show>
                <Show when={now().known}>
                  <CellResults cell={now()} />
                </Show>
              </>
            }
          >
            <Match when={now().kind === "sheet"}>
              <SheetBlock cell={now()} />
            </Match>
          </Switch>
        </BlockFrame>
      )}
    </Show>
  );
}
