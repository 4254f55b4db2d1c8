import { createEffect, createSignal, For } from "solid-js";
import { CellBlock } from "./cell-block";
import { useNotebook } from "./notebook-context";
import { WordingGroup } from "./wording-group";
import "./wordings-block.css";

/** The wordings of one cell as tabs of one block: the text of one at a time, and below it the answers of all. */
export function WordingsBlock(props: { readonly paths: readonly string[] }) {
  const { store, selection, select } = useNotebook();
  const [shown, setShown] = createSignal(props.paths[0]!);
  createEffect(() => {
    const { cell } = selection();
    if (cell !== null && props.paths.includes(cell)) setShown(cell);
  });
  const show = (path: string): void => {
    setShown(path);
    select({ cell: path, mode: "command" });
  };
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = props.paths[index + by];
    if (by === 0 || next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    show(next);
    (event.currentTarget as HTMLElement).parentElement?.querySelectorAll("button")[index + by]?.focus();
  };
  return (
    <div class="wordings">
      <div
        class="wording-tabs"
        role="tablist"
        aria-label={`Wordings of ${store.view.cells[props.paths[0]!]?.name ?? ""}`}
      >
        <For each={props.paths}>
          {(path, index) => (
            <button
              type="button"
              role="tab"
              aria-selected={path === shown()}
              tabIndex={path === shown() ? 0 : -1}
              onClick={() => show(path)}
              onKeyDown={(event) => onKeyDown(event, index())}
            >
              {store.view.cells[path]?.label}
            </button>
          )}
        </For>
      </div>
      <WordingGroup.Provider value>
        <CellBlock path={shown()} />
      </WordingGroup.Provider>
    </div>
  );
}
