import { createEffect, createMemo, createSignal, createUniqueId, For, on, Show, type JSX } from "solid-js";
// By its parts: as members of Kobalte's `Dialog` they are the alert dialog's wherever that is loaded too.
import * as Dialog from "@kobalte/core/dialog";
import { ranked, type Findable } from "./rank";
import "./palette.css";

/** One line that can be chosen. */
export interface PaletteItem extends Findable {
  readonly value: string;
  /** What it belongs to, in small letters. */
  readonly group?: string;
  readonly keys?: string | null;
  readonly icon?: (props: { class?: string }) => JSX.Element;
  /** Why it cannot be chosen now. */
  readonly disabled?: string | null;
}

export interface PaletteProps {
  readonly label: string;
  readonly placeholder: string;
  readonly items: readonly PaletteItem[];
  /** A line for what is typed itself, below those that are found; null where it is none. */
  readonly other?: (query: string) => PaletteItem | null;
  readonly onChoose: (value: string) => void;
  readonly onClose: () => void;
}

/** Finds one line among many by its words. */
export function Palette(props: PaletteProps) {
  const id = createUniqueId();
  const [query, setQuery] = createSignal("");
  const [at, setAt] = createSignal(0);
  const before = document.activeElement;
  const found = createMemo(() => {
    const other = props.other?.(query().trim()) ?? null;
    return [...ranked(props.items, query()), ...(other === null ? [] : [other])];
  });
  let chosen: string | null = null;
  createEffect(on(query, () => setAt(0), { defer: true }));

  const close = (): void => {
    queueMicrotask(() => {
      // While it is open it keeps the focus.
      props.onClose();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
      if (chosen !== null) props.onChoose(chosen);
    });
  };
  function choose(item: PaletteItem | undefined): void {
    if (item === undefined || item.disabled != null) return;
    chosen = item.value;
    close();
  }
  function press(event: KeyboardEvent): void {
    const last = found().length - 1;
    if (event.key === "ArrowDown") setAt((now) => (now >= last ? 0 : now + 1));
    else if (event.key === "ArrowUp") setAt((now) => (now <= 0 ? last : now - 1));
    else if (event.key === "Enter") choose(found()[at()]);
    else return;
    event.preventDefault();
    document.getElementById(`${id}-${at()}`)?.scrollIntoView({ block: "nearest" });
  }

  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()} preventScroll={false}>
      <Dialog.Portal>
        <Dialog.Overlay class="palette-overlay" />
        <Dialog.Content class="palette" aria-label={props.label} onCloseAutoFocus={(event) => event.preventDefault()}>
          <input
            class="palette-field"
            role="combobox"
            aria-label={props.label}
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={found().length === 0 ? undefined : `${id}-${at()}`}
            autocomplete="off"
            spellcheck={false}
            placeholder={props.placeholder}
            value={query()}
            onInput={(event) => setQuery(event.currentTarget.value)}
            onKeyDown={press}
          />
          <div class="palette-list" role="listbox" id={`${id}-list`} aria-label={props.label}>
            <For each={found()}>
              {(item, index) => (
                <div
                  id={`${id}-${index()}`}
                  role="option"
                  class="palette-item"
                  classList={{ on: index() === at() }}
                  aria-selected={index() === at()}
                  aria-disabled={item.disabled != null}
                  onPointerMove={() => setAt(index())}
                  onClick={() => choose(item)}
                >
                  <span class="menu-icon" aria-hidden="true">
                    {item.icon?.({})}
                  </span>
                  <span class="palette-words">
                    {item.label}
                    <Show when={item.disabled ?? item.group}>{(group) => <small>{group()}</small>}</Show>
                  </span>
                  <Show when={item.keys}>{(keys) => <kbd>{keys()}</kbd>}</Show>
                </div>
              )}
            </For>
          </div>
          <Show when={found().length === 0}>
            <p class="palette-none">Nothing is called that. Try fewer letters.</p>
          </Show>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
