import { createSignal, createUniqueId, Match, Show, Switch } from "solid-js";
// By its parts: as members of Kobalte's `AlertDialog` they are the dialog's wherever that is loaded later.
import * as AlertDialog from "@kobalte/core/alert-dialog";
import type { OpenDialog } from "./dialogs";
import "./dialog.css";

/** A question in the middle of the page; Escape is no. */
export function DialogWindow(props: { readonly dialog: OpenDialog }) {
  const [open, setOpen] = createSignal(true);
  const [text, setText] = createSignal(props.dialog.type === "text" ? props.dialog.question.value : "");
  const [tried, setTried] = createSignal(false);
  const id = createUniqueId();
  let yes!: HTMLButtonElement;
  const problem = (): string | null =>
    props.dialog.type === "text" ? (props.dialog.question.problem?.(text()) ?? null) : null;

  /** The focus goes back before the answer is told: what is done then may give it to another place. */
  function end(yes: boolean): void {
    setTried(true);
    if (yes && problem() !== null) return;
    setOpen(false);
    const { dialog } = props;
    queueMicrotask(() => {
      if (dialog.before?.isConnected === true) dialog.before.focus({ preventScroll: true });
      if (dialog.type === "question") dialog.answer(yes);
      else dialog.answer(yes ? text() : null);
    });
  }

  return (
    <AlertDialog.Root open={open()} onOpenChange={(now) => !now && end(false)} preventScroll={false}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay class="dialog-overlay" />
        <AlertDialog.Content
          class="dialog"
          onOpenAutoFocus={(event) => {
            if (props.dialog.type !== "question") return;
            event.preventDefault();
            yes.focus();
          }}
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          <form
            onSubmit={(event) => {
              event.preventDefault();
              end(true);
            }}
          >
            <AlertDialog.Title class="dialog-title">{props.dialog.question.title}</AlertDialog.Title>
            <Switch>
              <Match when={props.dialog.type === "question" && props.dialog.question}>
                {(question) => <AlertDialog.Description class="dim">{question().text}</AlertDialog.Description>}
              </Match>
              <Match when={props.dialog.type === "text" && props.dialog.question}>
                {(question) => (
                  <>
                    <label class="dialog-label" for={id}>
                      {question().label}
                    </label>
                    <input
                      id={id}
                      class="field"
                      autocomplete="off"
                      spellcheck={false}
                      aria-invalid={tried() && problem() !== null}
                      aria-describedby={`${id}-problem`}
                      value={text()}
                      onInput={(event) => setText(event.currentTarget.value)}
                      ref={(element) => queueMicrotask(() => element.select())}
                    />
                    <p id={`${id}-problem`} class="field-problem" role="alert">
                      <Show when={tried()}>{problem()}</Show>
                    </p>
                  </>
                )}
              </Match>
            </Switch>
            <div class="dialog-buttons">
              <button type="button" class="button" onClick={() => end(false)}>
                Cancel
              </button>
              <button
                type="submit"
                class="button primary"
                classList={{
                  dangerous: props.dialog.type === "question" && props.dialog.question.isDangerous === true,
                }}
                ref={yes}
              >
                {props.dialog.question.yes}
              </button>
            </div>
          </form>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
