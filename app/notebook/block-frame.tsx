import { createMemo, Show, type ParentProps } from "solid-js";
import GripVertical from "lucide-solid/icons/grip-vertical";
import Plus from "lucide-solid/icons/plus";
import { chosen } from "~/actions/action-context";
import { keyModeAt } from "~/actions/key-mode-at";
import { gapAbove, gapBelow } from "./blocks";
import { dropsAt } from "./dragging";
import { useNotebook } from "./notebook-context";
import "./block-frame.css";

/** What every block of a page has around it: it can be selected, dragged and lit up, and something can be put in beside it. */
export function BlockFrame(
  props: ParentProps<{
    readonly block: string;
    readonly class: string;
    readonly label: string;
    readonly kind?: string;
  }>,
) {
  const { selection, select, blocks, page, dragging, actionContext } = useNotebook();
  const isSelected = () => selection().cell === props.block || selection().cell?.startsWith(`${props.block}.`) === true;
  const isChosen = createMemo(
    () => selection().anchor !== null && chosen({ ...actionContext(), selection: selection() }).includes(props.block),
  );
  const isFirst = () => blocks().visible[0] === props.block;
  const drop = () => dropsAt(dragging.gap(), blocks(), props.block);
  const insert = async (gap: number, at: string | null): Promise<void> =>
    (await import("~/actions/insert-cell")).insertCell(actionContext(), gap, at);
  /** Selecting what is selected already, or stands inside it, would take a finer choice back. */
  const take = (change: { readonly mode?: "command" }): void => {
    if (!isSelected()) select({ cell: props.block, ...change });
  };
  return (
    <div class="block" classList={{ "drop-above": drop() === "above", "drop-below": drop() === "below" }}>
      <Show when={isFirst()}>
        <InsertBar at="above" isNear={isSelected()} insert={() => insert(gapAbove(blocks(), props.block), null)} />
      </Show>
      <section
        class={props.class}
        classList={{
          selected: isSelected(),
          chosen: isChosen(),
          editing: isSelected() && selection().mode === "edit",
          flashed: page.flashed() === props.block,
          marked: page.marked() === props.block,
        }}
        data-block={props.block}
        data-kind={props.kind}
        aria-label={props.label}
        tabIndex={isSelected() || (selection().cell === null && isFirst()) ? 0 : -1}
        onPointerDown={(event) => {
          if (event.shiftKey && selection().cell !== null && !isSelected()) {
            event.preventDefault();
            select({ cell: props.block, mode: "command", anchor: selection().anchor ?? selection().cell });
          } else take({ mode: "command" });
        }}
        onFocusIn={(event) => {
          // Where the focus is decides what keys mean, and so whether the block is being edited.
          const mode = keyModeAt(event.target);
          if (mode === "edit") select({ ...(isSelected() ? {} : { cell: props.block }), mode });
          else if (event.target === event.currentTarget && isSelected()) select({ mode: "command" });
          else take({});
        }}
      >
        <span
          class="drag-handle"
          aria-hidden="true"
          data-tip="Drag to move"
          data-keys="Alt+ArrowUp"
          onPointerDown={(event) => dragging.begin(event, props.block)}
        >
          <GripVertical />
        </span>
        {props.children}
      </section>
      <InsertBar at="below" isNear={isSelected()} insert={() => insert(gapBelow(blocks(), props.block), props.block)} />
    </div>
  );
}

/** The line between two blocks at which something can be put in. */
function InsertBar(props: {
  readonly at: "above" | "below";
  readonly isNear: boolean;
  readonly insert: () => Promise<void>;
}) {
  return (
    <div class="insert-bar" classList={{ near: props.isNear, above: props.at === "above" }}>
      <button
        type="button"
        tabIndex={props.isNear ? 0 : -1}
        aria-label={props.at === "above" ? "Insert above" : "Insert below"}
        data-tip={props.at === "above" ? "Insert above" : "Insert below"}
        data-keys={props.at === "above" ? "a" : "b"}
        onClick={() => void props.insert()}
      >
        <Plus />
      </button>
    </div>
  );
}
