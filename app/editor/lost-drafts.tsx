import { For, Show } from "solid-js";
import { useNotebook } from "~/notebook/notebook-context";
import { proseKey } from "~/notebook/blocks";
import { cellOfPart } from "./cell-part";
import { toasts } from "~/ui/toasts";

/** Texts whose place went away while they were edited here: nothing that was typed is thrown away unasked. */
export function LostDrafts() {
  const { drafts } = useNotebook();
  return (
    <For each={drafts.lost()}>
      {(lost) => (
        <div class="problem" role="alert" style={{ margin: "8px 20px 0" }}>
          <div>
            <strong>
              <Show when={proseKey(lost.cell) === null} fallback="A text">
                <span class="mono">{cellOfPart(lost.cell)}</span>
              </Show>{" "}
              was removed or renamed elsewhere while you typed.
            </strong>{" "}
            Your text is kept here until you say so.
          </div>
          <span class="spring" />
          <button
            type="button"
            class="button"
            onClick={() => void navigator.clipboard.writeText(lost.text).then(() => toasts.say("Copied."))}
          >
            Copy my text
          </button>
          <button type="button" class="button" onClick={() => drafts.dismiss(lost)}>
            Discard it
          </button>
        </div>
      )}
    </For>
  );
}
