import { createSignal, Show } from "solid-js";
import { useNotebook } from "./notebook-context";

/** Prose set as prose; Enter or a double click makes it a text to edit, Escape or leaving it puts it back. */
export function ProseBlock(props: { readonly key: string }) {
  const { store, actions, selection, select } = useNotebook();
  const [editing, setEditing] = createSignal(false);
  const prose = () => store.view.prose[props.key];
  const id = () => `prose:${props.key}`;
  const edit = (): void => {
    setEditing(true);
    select({ cell: id(), mode: "edit" });
  };
  const keep = (text: string): void => {
    setEditing(false);
    select({ mode: "command" });
    const now = prose();
    if (now !== undefined && trimmed(now.text) !== text)
      void actions.edit([
        { type: "set-prose", segment: now.segment, text: `${lead(now.text)}${text}${trail(now.text)}` },
      ]);
  };
  return (
    <Show when={prose()}>
      {(now) => (
        <Show when={trimmed(now().text) !== "" || editing()}>
          <Show
            when={editing()}
            fallback={
              // The server makes this HTML of Markdown alone: HTML in the text stays text.
              <div
                class="prose"
                data-block={id()}
                tabIndex={-1}
                classList={{ selected: selection().cell === id() }}
                onDblClick={edit}
                innerHTML={now().html}
              />
            }
          >
            <textarea
              class="prose-edit"
              data-block={id()}
              aria-label="Text in Markdown"
              ref={(element) => queueMicrotask(() => element.focus())}
              value={trimmed(now().text)}
              onBlur={(event) => keep(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === "Escape") event.currentTarget.blur();
              }}
            />
          </Show>
        </Show>
      )}
    </Show>
  );
}

function trimmed(text: string): string {
  return text.trim();
}

function lead(text: string): string {
  return /^\s*/.exec(text)![0];
}

function trail(text: string): string {
  return /\s*$/.exec(text)![0] || "\n";
}
