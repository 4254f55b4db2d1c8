import { createEffect, createSignal, on, Show } from "solid-js";
import X from "lucide-solid/icons/x";
import { CellHead } from "~/notebook/cell-head";
import { CellProblems } from "~/notebook/cell-problems";
import { CellText } from "~/notebook/cell-text";
import { useNotebook } from "~/notebook/notebook-context";
import "./column-text.css";

/** The text of a column's cell over a sheet that has the whole page, once it is edited. */
export function ColumnText() {
  const { store, selection, select } = useNotebook();
  const [opened, setOpened] = createSignal<string | null>(null);
  createEffect(
    on(selection, ({ cell, mode }) => {
      if (mode === "edit" && cell !== null) setOpened(cell);
    }),
  );
  const close = (): void => {
    setOpened(null);
    select({ mode: "command" });
    document.querySelector<HTMLElement>(".sheet-screen [role=grid]")?.focus();
  };
  return (
    <Show when={opened()} keyed>
      {(path) => (
        <Show when={store.view.cells[path]}>
          {(cell) => (
            <section
              class="column-text cell selected"
              aria-label={`Text of ${path}`}
              data-block={path}
              onKeyDown={(event) => {
                if (event.key !== "Escape" || event.defaultPrevented) return;
                event.preventDefault();
                close();
              }}
            >
              <div class="column-text-head">
                <CellHead cell={cell()} />
                <button type="button" class="icon-button" aria-label="Close the text" data-tip="Close" onClick={close}>
                  <X />
                </button>
              </div>
              <CellProblems cell={cell()} />
              <CellText cell={cell()} />
            </section>
          )}
        </Show>
      )}
    </Show>
  );
}
