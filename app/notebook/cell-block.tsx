import { createMemo, For, lazy, Match, Show, Suspense, Switch } from "solid-js";
import { CellHead } from "./cell-head";
import { CellSource } from "./cell-source";
import { useNotebook } from "./notebook-context";
import { SheetBlock } from "~/sheet/sheet-block";
import "./cell-block.css";

// Asked for at once and not waited for: the document stands while its results come.
const results = import("./cell-results");
const CellResults = lazy(() => results.then(({ CellResults }) => ({ default: CellResults })));

/** A cell in the flow of the document: its head, its text, its results. */
export function CellBlock(props: { readonly path: string }) {
  const { store, selection, select } = useNotebook();
  const cell = createMemo(() => store.view.cells[props.path]);
  const selected = () => selection().cell === props.path;
  return (
    <Show when={cell()}>
      {(now) => (
        <section
          class="cell"
          classList={{ selected: selected(), editing: selected() && selection().mode === "edit" }}
          data-block={props.path}
          data-kind={now().kind}
          aria-label={`${now().kind} ${now().path}`}
          tabIndex={-1}
          onPointerDown={() => select({ cell: props.path })}
        >
          <CellHead cell={now()} />
          <For each={now().diagnostics}>
            {(one) => (
              <p class="cell-diagnostic" classList={{ warning: one.severity === "warning" }}>
                {one.message}. <span>{one.cure}</span>
              </p>
            )}
          </For>
          <Switch
            fallback={
              <>
                <Show when={now().configuration["hidden"] !== true}>
                  <CellSource cell={now()} />
                </Show>
                <Suspense>
                  <CellResults cell={now()} />
                </Suspense>
              </>
            }
          >
            <Match when={now().kind === "sheet"}>
              <SheetBlock cell={now()} />
            </Match>
          </Switch>
        </section>
      )}
    </Show>
  );
}
