import { createSignal, onCleanup } from "solid-js";
import { proseBlock } from "./blocks";
import { useNotebook } from "./notebook-context";

/** The text as it is written. It is kept when it is left. */
export function ProseEditor(props: { readonly key: string }) {
  const { store, actions, selection, select } = useNotebook();
  const { key } = props;
  const [text, setText] = createSignal((store.view.prose[key]?.text ?? "").trim());
  const before = text();
  onCleanup(() => {
    const now = store.view.prose[key];
    if (now === undefined || text() === before) return;
    const [lead] = /^\s*/.exec(now.text)!;
    const [trail] = /\s*$/.exec(now.text)!;
    void actions.edit([{ type: "set-prose", segment: now.segment, text: `${lead}${text()}${trail || "\n"}` }]);
  });
  return (
    <textarea
      class="prose-edit"
      aria-label="Text in Markdown"
      ref={(element) => queueMicrotask(() => element.focus())}
      value={text()}
      onInput={(event) => setText(event.currentTarget.value)}
      onBlur={() => {
        if (selection().cell === proseBlock(key) && selection().mode === "edit") select({ mode: "command" });
      }}
    />
  );
}
