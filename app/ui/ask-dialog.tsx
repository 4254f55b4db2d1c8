// By its parts: as members of Kobalte's `Dialog` they are the alert dialog's wherever that is loaded too.
import * as Dialog from "@kobalte/core/dialog";
import { createSignal, Show, type ParentProps } from "solid-js";
import type { CellError } from "#server/notebook/value.ts";
import { problemOf } from "~/api";
import { ProblemBox } from "./problem-box";
import "./page.css";
import "./popup.css";

/** Asks before something is done: what it is, what it needs to know, and a way out. What the server refuses is told in it, and it stays open. */
export function AskDialog(
  props: ParentProps<{
    readonly title: string;
    readonly act: string;
    readonly disabled?: boolean;
    readonly wide?: boolean;
    close(): void;
    run(): Promise<unknown>;
  }>,
) {
  const [problem, setProblem] = createSignal<CellError | null>(null);
  const [busy, setBusy] = createSignal(false);
  const run = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (props.disabled === true || busy()) return;
    setBusy(true);
    setProblem(null);
    try {
      await props.run();
      props.close();
    } catch (thrown) {
      setProblem(problemOf(thrown));
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
          style={
            props.wide === true ? { width: "min(680px, calc(100vw - 32px))", top: "8vh", "max-height": "84vh" } : {}
          }
        >
          <Dialog.Title class="popup-title">{props.title}</Dialog.Title>
          <form class="ask-form" onSubmit={(event) => void run(event)}>
            {props.children}
            <Show when={problem()}>{(error) => <ProblemBox error={error()} />}</Show>
            <div class="popup-actions">
              <Dialog.CloseButton class="button" type="button">
                Cancel
              </Dialog.CloseButton>
              <button type="submit" class="button primary" disabled={props.disabled === true || busy()}>
                {props.act}
              </button>
            </div>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
