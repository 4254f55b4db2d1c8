// By its parts: as members of Kobalte's `Dialog` they are the alert dialog's wherever that is loaded too.
import * as Dialog from "@kobalte/core/dialog";
import { createEffect, createSignal, on } from "solid-js";
import { useSheet } from "./sheet-context";

/** Says that a column comes from a file or SQL, and offers a column of one's own beside it. */
export function LabelOffer() {
  const { model, hands } = useSheet();
  const [name, setName] = createSignal("");
  const column = () => hands.offer();
  createEffect(
    on(column, (now) => {
      if (now?.type === "row") setName(freeName(now.name));
    }),
  );
  const isFree = (wanted: string): boolean =>
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(wanted) &&
    !Object.values(model.notebook.store.view.cells).some((cell) => cell.name.toLowerCase() === wanted.toLowerCase());
  const freeName = (from: string): string => {
    const base = `${from.replaceAll(/\W+/g, "_").replace(/^(?=\d)/, "_")}_checked`;
    for (let number = 1; ; number += 1) {
      const wanted = number === 1 ? base : `${base}_${number}`;
      if (isFree(wanted)) return wanted;
    }
  };
  return (
    <Dialog.Root open={column() !== null} onOpenChange={(open) => !open && hands.closeOffer()}>
      <Dialog.Portal>
        <Dialog.Overlay class="sheet-veil" />
        <Dialog.Content
          class="sheet-dialog"
          onKeyDown={(event: KeyboardEvent) => event.stopPropagation()}
          onCloseAutoFocus={(event: Event) => {
            event.preventDefault();
            model.focus();
          }}
        >
          <Dialog.Title class="sheet-dialog-title">
            {column()?.type === "row" ? (column() as { name: string }).name : ""} comes from{" "}
            {model.sheet()?.rows ?? "a file or SQL"}
          </Dialog.Title>
          <Dialog.Description>
            Its values are not typed here: change the file or the query. What you know better can stand beside it in a
            label column, which is yours.
          </Dialog.Description>
          <form
            class="sheet-form-row"
            onSubmit={(event) => {
              event.preventDefault();
              if (isFree(name())) void hands.addLabelColumn(name());
            }}
          >
            <input
              class="field mono"
              aria-label="Name of the label column"
              value={name()}
              onInput={(event) => setName(event.currentTarget.value)}
            />
            <button type="button" class="button" onClick={() => hands.closeOffer()}>
              Cancel
            </button>
            <button type="submit" class="button primary" disabled={!isFree(name())}>
              Add label column
            </button>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
