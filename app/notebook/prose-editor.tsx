import { createEffect, onCleanup, untrack } from "solid-js";
import { partTexts } from "~/editor/cell-part";
import { textChange } from "~/editor/text-change";
import { proseBlock } from "./blocks";
import { isHalfTyped } from "./is-half-typed";
import { useNotebook } from "./notebook-context";

/** The text as it is written. What is typed goes to its draft, what changes elsewhere comes from it. */
export function ProseEditor(props: { readonly key: string }) {
  const { store, drafts, selection, select } = useNotebook();
  const block = proseBlock(props.key);
  const had = () => drafts.of(block)?.base ?? store.view.prose[props.key]?.text ?? "";
  const text = () => drafts.of(block)?.text ?? had();
  let field!: HTMLTextAreaElement;
  createEffect(() => {
    const now = text();
    if (field.value.trim() === now) return;
    const { from, to, insert } = textChange(field.value, now);
    field.setRangeText(insert, from, to, "preserve");
  });
  onCleanup(() => drafts.settle(block));
  return (
    <textarea
      class="prose-edit"
      aria-label="Text in Markdown"
      ref={(element) => {
        field = element;
        queueMicrotask(() => element.focus());
      }}
      value={untrack(text)}
      onInput={() => drafts.type(block, field.value.trim(), partTexts, isHalfTyped(had(), field.value))}
      onBlur={() => {
        // In another window it goes on.
        if (document.hasFocus() && selection().cell === block && selection().mode === "edit")
          select({ mode: "command" });
      }}
    />
  );
}
