import { createEffect, createSignal, onCleanup, Show } from "solid-js";
import Ellipsis from "lucide-solid/icons/ellipsis";
import { proseMenu } from "~/actions/menus";
import { BlockFrame } from "./block-frame";
import { proseBlock } from "./blocks";
import { useNotebook } from "./notebook-context";

/** Prose set as prose; Enter or a double click makes it a text to edit, Escape or leaving it puts it back. */
export function ProseBlock(props: { readonly key: string }) {
  const { store, selection, select, actionContext } = useNotebook();
  const prose = () => store.view.prose[props.key];
  const block = () => proseBlock(props.key);
  const isEdited = () => selection().cell === block() && selection().mode === "edit";
  const menu = async (at: Element): Promise<void> => {
    if (selection().cell !== block()) select({ cell: block() });
    const { openActionMenu } = await import("~/actions/action-menu");
    await openActionMenu(at, "Text", proseMenu, actionContext);
  };
  return (
    <Show when={prose()}>
      {(now) => (
        <Show when={now().text.trim() !== "" || isEdited()}>
          <BlockFrame block={block()} class="prose-block" label="Text">
            <Show when={isEdited()} fallback={<ProseText key={props.key} html={now().html} />}>
              <ProseEditor key={props.key} />
            </Show>
            <span class="prose-tools">
              <button
                type="button"
                class="icon-button on-hover"
                aria-label="Menu of this text"
                aria-haspopup="menu"
                data-tip="All that can be done"
                onClick={(event) => void menu(event.currentTarget)}
              >
                <Ellipsis />
              </button>
            </span>
          </BlockFrame>
        </Show>
      )}
    </Show>
  );
}

const chevron =
  '<svg viewBox="0 0 24 24" width="14" height="14" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="m6 9 6 6 6-6"/></svg>';

/** The text as it reads. Its headings get a button that folds what stands under them. */
function ProseText(props: { readonly key: string; readonly html: string }) {
  const { page, select } = useNotebook();
  const block = () => proseBlock(props.key);
  let root!: HTMLDivElement;

  createEffect(() => {
    // The server makes this HTML of Markdown alone: HTML in the text stays text.
    root.innerHTML = props.html;
    const items = page.outline().filter((item) => item.type === "heading" && item.block === block());
    const parts = page.folding().parts.get(block());
    // Those in a list or a quotation fold nothing.
    const headings = [...root.querySelectorAll("h1, h2, h3, h4, h5, h6")];
    let isHidden = parts?.lead === true;
    for (const child of root.children) {
      const index = headings.indexOf(child);
      const item = items[index];
      if (index >= 0) isHidden = parts?.hidden.has(index) === true;
      if (child instanceof HTMLElement) child.hidden = isHidden;
      if (index < 0 || item?.type !== "heading") continue;
      const isFolded = parts?.folded.has(index) === true;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "fold-button";
      button.tabIndex = -1;
      button.setAttribute("aria-expanded", String(!isFolded));
      button.setAttribute("aria-label", isFolded ? `Unfold ${item.text}` : `Fold ${item.text}`);
      button.innerHTML = chevron;
      button.addEventListener("click", () => page.setFolded(item.key, !isFolded));
      child.prepend(button);
      if (isFolded) isHidden = true;
    }
  });
  return <div class="prose" ref={root} onDblClick={() => select({ cell: block(), mode: "edit" })} />;
}

/** The text as it is written. It is kept when it is left. */
function ProseEditor(props: { readonly key: string }) {
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
