import { createMemo, createSignal, For, onMount, Show } from "solid-js";
import { begunLabels } from "./begun-labels";
import { useSheet } from "./sheet-context";
import type { Editing } from "./sheet-hands";

/** Where a cell is typed into: Enter and Tab keep it and go on, Escape leaves it as it was, Alt+Enter is a new line. */
export function CellEditor(props: { readonly editing: Editing }) {
  const { hands, model } = useSheet();
  const [text, setText] = createSignal(props.editing.text);
  let field!: HTMLTextAreaElement;
  let done = false;
  onMount(() => {
    field.focus({ preventScroll: true });
    const end = field.value.length;
    field.setSelectionRange(end, end);
  });

  const labels = createMemo((): readonly string[] => {
    const { entry } = props.editing.column;
    return Array.isArray(entry) ? entry.map(String) : [];
  });
  const begun = createMemo(() => begunLabels(labels(), text()));
  const options = () => (begun().length > 0 ? begun() : labels());

  function end(go: Parameters<typeof hands.commit>[2]): void {
    if (done) return;
    done = true;
    // What only one of the labels begins with is that label.
    const [only, ...others] = begun();
    const isBegun = only !== undefined && others.length === 0 && text().trim() !== "";
    void hands.commit(props.editing, isBegun ? only : text(), go);
    if (go !== "stay") model.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Escape") {
      done = true;
      hands.cancelEdit();
      model.focus();
    } else if (event.key === "Enter" && (event.altKey || event.ctrlKey || event.metaKey)) {
      const { selectionStart, selectionEnd } = field;
      setText(`${text().slice(0, selectionStart)}\n${text().slice(selectionEnd)}`);
      field.setSelectionRange(selectionStart + 1, selectionStart + 1);
    } else if (event.key === "Enter") end(event.shiftKey ? "up" : "down");
    else if (event.key === "Tab") end(event.shiftKey ? "left" : "right");
    // A cell that was typed over is left by arrows, as in a spreadsheet.
    else if (props.editing.typed && event.key === "ArrowDown") end("down");
    else if (props.editing.typed && event.key === "ArrowUp") end("up");
    else return;
    event.preventDefault();
  }

  return (
    <div class="sheet-editor">
      <textarea
        ref={field}
        rows={1}
        aria-label={`${props.editing.column.cell}, row ${props.editing.row.ordinal}`}
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => end("stay")}
      />
      <Show when={options().length > 0}>
        <div class="sheet-options">
          <For each={options()}>
            {(option) => (
              <button
                type="button"
                tabIndex={-1}
                onPointerDown={(event) => {
                  event.preventDefault();
                  setText(option);
                  end("down");
                }}
              >
                {option}
              </button>
            )}
          </For>
        </div>
      </Show>
    </div>
  );
}
