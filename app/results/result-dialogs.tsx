// Its parts one by one: as members of `Dialog` they are those of the alert dialog wherever that is loaded too.
import * as Dialog from "@kobalte/core/dialog";
import { createSignal, Show, type ParentProps } from "solid-js";
import type { Value } from "#server/notebook/value.ts";
import { valueText } from "~/values/value-summary";
import { editedValue } from "./edited-value";
import "~/ui/popup.css";

/** Asks what a person has to say of an answer. */
export function CommentDialog(props: { close(): void; keep(text: string): Promise<boolean> }) {
  const [text, setText] = createSignal("");
  return (
    <Asked
      title="Comment"
      close={props.close}
      disabled={text().trim() === ""}
      keep={() => props.keep(text().trim())}
      act="Keep the comment"
    >
      <textarea
        class="field"
        rows={4}
        aria-label="Comment"
        placeholder="What should whoever comes next know of this answer?"
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </Asked>
  );
}

/** Asks for the value a person puts in an answer's place; what was computed stays below it. */
export function EditDialog(props: {
  readonly value: Value | null;
  close(): void;
  keep(value: Value): Promise<boolean>;
}) {
  const before = props.value;
  const [text, setText] = createSignal(before === null ? "" : valueText(before));
  const edited = () => editedValue(before, text());
  return (
    <Asked
      title="Edit by hand"
      close={props.close}
      disabled={edited() === null}
      keep={() => props.keep(edited()!)}
      act="Put it in place"
    >
      <textarea
        class="field mono"
        rows={Math.min(20, Math.max(4, text().split("\n").length + 1))}
        aria-label="The value"
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p class="dim">
        <Show when={edited() !== null} fallback={`This is no ${before?.type ?? "value"}: correct it first.`}>
          Readers get this value. What was computed stays, and comes back when the edit is taken back.
        </Show>
      </p>
    </Asked>
  );
}

function Asked(
  props: ParentProps<{
    readonly title: string;
    readonly act: string;
    readonly disabled: boolean;
    close(): void;
    /** Whether it is kept. What is not stays in the dialog, and why is told elsewhere. */
    keep(): Promise<boolean>;
  }>,
) {
  const [busy, setBusy] = createSignal(false);
  const keep = async (): Promise<void> => {
    if (props.disabled || busy()) return;
    setBusy(true);
    try {
      if (await props.keep()) props.close();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && props.close()}>
      <Dialog.Portal>
        <Dialog.Overlay class="popup-veil" />
        <Dialog.Content
          class="popup-dialog"
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void keep();
          }}
        >
          <Dialog.Title class="popup-title">{props.title}</Dialog.Title>
          {props.children}
          <div class="popup-actions">
            <Dialog.CloseButton class="button">Cancel</Dialog.CloseButton>
            <button
              type="button"
              class="button primary"
              disabled={props.disabled || busy()}
              onClick={() => void keep()}
            >
              {props.act}
            </button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
