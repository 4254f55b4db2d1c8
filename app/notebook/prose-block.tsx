import { createEffect, lazy, Show, Suspense } from "solid-js";
import { BlockFrame } from "./block-frame";
import { proseBlock } from "./blocks";
import { useNotebook } from "./notebook-context";

const ProseEditor = lazy(async () => ({ default: (await import("./prose-editor")).ProseEditor }));
const ProseTools = lazy(async () => ({ default: (await import("./page-tools")).ProseTools }));

/** Prose set as prose; Enter or a double click makes it a text to edit, Escape or leaving it puts it back. */
export function ProseBlock(props: { readonly key: string }) {
  const { store, selection } = useNotebook();
  const prose = () => store.view.prose[props.key];
  const block = () => proseBlock(props.key);
  // It is there when Enter is pressed.
  createEffect(() => selection().cell === block() && void ProseEditor.preload());
  const isEdited = () => selection().cell === block() && selection().mode === "edit";
  return (
    <Show when={prose()}>
      {(now) => (
        <Show when={now().text.trim() !== "" || isEdited()}>
          <BlockFrame block={block()} class="prose-block" label="Text">
            <Show when={isEdited()} fallback={<ProseText key={props.key} html={now().html} />}>
              <Suspense>
                <ProseEditor key={props.key} />
              </Suspense>
            </Show>
            <Suspense>
              <ProseTools block={block()} />
            </Suspense>
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
