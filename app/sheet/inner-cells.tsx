import { createEffect, For, Show } from "solid-js";
import ChevronRight from "lucide-solid/icons/chevron-right";
import type { CellView } from "#server/workbench/view.ts";
import { CellHead } from "~/notebook/cell-head";
import { CellProblems } from "~/notebook/cell-problems";
import { CellText } from "~/notebook/cell-text";
import { useNotebook } from "~/notebook/notebook-context";
import { isTextOpen, openText } from "~/notebook/open-texts";
import "./inner-cells.css";

/** The cells that stand in a sheet: each a line, and its text where it is opened. */
export function InnerCells(props: { readonly sheet: CellView }) {
  return (
    <div class="inner-cells">
      <For each={props.sheet.children}>{(path) => <InnerCell path={path} />}</For>
    </div>
  );
}

function InnerCell(props: { readonly path: string }) {
  const { store, selection, select } = useNotebook();
  const isOpen = () => isTextOpen(store.path, props.path);
  const setOpen = (open: boolean): void => openText(store.path, [props.path], open);
  const cell = () => store.view.cells[props.path];
  const isSelected = () => selection().cell === props.path;
  const peek = () => {
    const lines = (cell()?.source ?? "").split("\n").filter((line) => line.trim() !== "");
    return lines.length > 1 ? `${lines[0]} …` : (lines[0] ?? "");
  };
  createEffect(() => {
    if (isSelected() && selection().mode === "edit") setOpen(true);
  });
  return (
    <Show when={cell()}>
      {(now) => (
        <div
          class="inner-cell"
          classList={{ selected: isSelected() }}
          role="group"
          aria-label={`${now().kind} ${now().path}`}
          data-inner={props.path}
          tabIndex={isSelected() ? 0 : -1}
          onPointerDown={() => {
            if (!isSelected()) select({ cell: props.path });
          }}
          onFocusIn={() => {
            if (!isSelected()) select({ cell: props.path });
          }}
        >
          <button
            type="button"
            class="inner-cell-toggle"
            aria-expanded={isOpen()}
            aria-label={`Text of ${now().path}`}
            onClick={() => setOpen(!isOpen())}
          >
            <ChevronRight />
          </button>
          <div class="inner-cell-body">
            <CellHead cell={now()} />
            <CellProblems cell={now()} />
            <Show
              when={isOpen()}
              fallback={
                <Show when={peek()}>
                  <p class="inner-cell-peek" onDblClick={() => select({ cell: props.path, mode: "edit" })}>
                    {peek()}
                  </p>
                </Show>
              }
            >
              <CellText cell={now()} />
            </Show>
          </div>
        </div>
      )}
    </Show>
  );
}
