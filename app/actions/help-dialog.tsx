import { createMemo, createSignal, For, Show } from "solid-js";
// By its parts: as members of Kobalte's `Dialog` they are the alert dialog's wherever that is loaded too.
import * as Dialog from "@kobalte/core/dialog";
import { isMac } from "~/ui/platform";
import { ranked } from "~/ui/rank";
import { Segments } from "~/ui/segments";
import { actionGroups, type Action } from "./action";
import type { ActionContext } from "./action-context";
import { allActions } from "./all-actions";
import { keyText } from "./press";
import "./help-dialog.css";

const places: { readonly [Where in Action["keys"][number]["where"]]: string } = {
  command: "on a selected block",
  edit: "while typing",
  cell: "on a block",
  anywhere: "anywhere",
};

const levels = [
  { level: "basic", word: "Basic" },
  { level: "full", word: "Full" },
] as const;

/** Every action with its keys: those to learn first, or all; to be searched. */
export function HelpDialog(props: { readonly context: () => ActionContext; readonly onClose: () => void }) {
  const context = props.context();
  const before = document.activeElement;
  const [query, setQuery] = createSignal("");
  const [full, setFull] = createSignal(localStorage.getItem("help") === "full");
  const found = createMemo(() => {
    const shown = allActions.filter((action) => query() !== "" || full() || action.basic);
    const findable = shown.map((action) => ({
      action,
      label: action.label(context),
      keywords: `${action.keywords} ${action.keys.map(({ press }) => keyText(press, isMac)).join(" ")}`,
    }));
    return ranked(findable, query());
  });
  const close = (): void => {
    queueMicrotask(() => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
      props.onClose();
    });
  };
  const setLevel = (level: "basic" | "full"): void => {
    localStorage.setItem("help", level);
    setFull(level === "full");
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()} preventScroll={false}>
      <Dialog.Portal>
        <Dialog.Overlay class="palette-overlay" />
        <Dialog.Content class="help" onCloseAutoFocus={(event) => event.preventDefault()}>
          <header class="help-head">
            <Dialog.Title class="help-title">Keys and actions</Dialog.Title>
            <input
              class="field"
              type="search"
              aria-label="Find a key or an action"
              placeholder="Find …"
              value={query()}
              onInput={(event) => setQuery(event.currentTarget.value)}
            />
            <Segments
              label="How much"
              choices={levels}
              isChosen={({ level }) => (level === "full") === full()}
              choose={({ level }) => setLevel(level)}
            />
            <Dialog.CloseButton class="icon-button" aria-label="Close">
              ×
            </Dialog.CloseButton>
          </header>
          <p class="help-modes">
            A block is either <b>selected</b> (keys are commands, <kbd>Enter</kbd> begins to type) or <b>typed in</b> (
            <kbd>Esc</kbd> ends it).
          </p>
          <div class="help-groups" tabIndex={0} role="group" aria-label="Actions">
            <For each={actionGroups}>
              {(group) => {
                const own = () => found().filter(({ action }) => action.group === group);
                return (
                  <Show when={own().length > 0}>
                    <section>
                      <h3>{group}</h3>
                      <dl>
                        <For each={own()}>
                          {({ action, label }) => (
                            <div>
                              <dt>{label}</dt>
                              <dd>
                                <For each={action.keys} fallback={<span class="dim">by the palette</span>}>
                                  {({ press, where }) => <kbd title={places[where]}>{keyText(press, isMac)}</kbd>}
                                </For>
                              </dd>
                            </div>
                          )}
                        </For>
                      </dl>
                    </section>
                  </Show>
                );
              }}
            </For>
            <Show when={found().length === 0}>
              <p class="dim">Nothing is called that. Try fewer letters.</p>
            </Show>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
