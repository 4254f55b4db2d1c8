import { createMemo, lazy, Suspense, type ParentProps } from "solid-js";
import { keyModeAt } from "~/actions/key-mode-at";
import { blocksBetween } from "./blocks";
import { useNotebook } from "./notebook-context";
import "./block-frame.css";

const BlockTools = lazy(async () => ({ default: (await import("./page-tools")).BlockTools }));

/** Whether what was pointed at is a part of a block that is selected by itself. */
function isFiner(target: Element): boolean {
  return target.closest("[data-inner], [role=grid], .sheet") !== null;
}

/** What every block of a page has around it: it can be selected, dragged and lit up, and something can be put in beside it. */
export function BlockFrame(
  props: ParentProps<{
    readonly block: string;
    readonly class: string;
    readonly label: string;
    readonly kind?: string;
  }>,
) {
  const { selection, select, blocks, page } = useNotebook();
  const isSelected = () => selection().cell === props.block || selection().cell?.startsWith(`${props.block}.`) === true;
  const isChosen = createMemo(
    () => selection().anchor !== null && blocksBetween(blocks(), selection()).includes(props.block),
  );
  const isFirst = () => blocks().visible[0] === props.block;
  /** Selecting what is selected already, or stands inside it, would take a finer choice back. */
  const take = (change: { readonly mode?: "command" }): void => {
    if (!isSelected()) select({ cell: props.block, ...change });
  };
  return (
    <div class="block">
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
          } else if (isSelected() && !isFiner(event.target)) select({ cell: props.block });
          else take({ mode: "command" });
        }}
        onFocusIn={(event) => {
          // Where the focus is decides what keys mean, and so whether the block is being edited.
          const mode = keyModeAt(event.target);
          if (mode === "edit") select({ ...(isSelected() ? {} : { cell: props.block }), mode });
          else if (event.target === event.currentTarget && isSelected()) select({ mode: "command" });
          else take({});
        }}
      >
        {props.children}
      </section>
      <Suspense>
        <BlockTools block={props.block} isNear={isSelected()} isFirst={isFirst()} />
      </Suspense>
    </div>
  );
}
