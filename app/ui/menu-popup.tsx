import { createSignal, For, Match, Show, Switch } from "solid-js";
import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { focusFirst } from "./focus-first";
import type { OpenMenu } from "./menu";
import "./menu.css";

/** The one menu of the page: arrows, Home, End, letters to go to a line, Enter and Escape as everywhere. */
export function MenuPopup(props: { readonly menu: OpenMenu }) {
  const [open, setOpen] = createSignal(true);
  let chosen: string | null = null;
  const rect = (): { x: number; y: number; width: number; height: number } => {
    const { at } = props.menu;
    if (!(at instanceof Element)) return { ...at, width: 0, height: 0 };
    const { x, y, width, height } = at.getBoundingClientRect();
    return { x, y, width, height };
  };
  /** The focus goes back before the answer is told: what is done then may give it to another place. */
  const end = (): void => {
    const { before, answer } = props.menu;
    if (before?.isConnected === true) before.focus({ preventScroll: true });
    answer(chosen);
  };
  return (
    <DropdownMenu
      open={open()}
      onOpenChange={(now) => {
        setOpen(now);
        if (!now) queueMicrotask(end);
      }}
      getAnchorRect={rect}
      placement="bottom-start"
      gutter={4}
      preventScroll={false}
      fitViewport
    >
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          class="menu"
          aria-label={props.menu.title}
          onCloseAutoFocus={(event) => event.preventDefault()}
          ref={focusFirst}
        >
          <Show when={props.menu.showsTitle}>
            <p class="menu-title" aria-hidden="true">
              {props.menu.title}
            </p>
          </Show>
          <For each={props.menu.entries}>
            {(entry) => (
              <Switch>
                <Match when={entry.type === "separator"}>
                  <DropdownMenu.Separator class="menu-line" />
                </Match>
                <Match when={entry.type === "heading" && entry}>
                  {(heading) => <p class="menu-heading">{heading().label}</p>}
                </Match>
                <Match when={entry.type === "item" && entry}>
                  {(item) => (
                    <DropdownMenu.Item
                      class="menu-item"
                      classList={{ dangerous: item().isDangerous === true }}
                      disabled={item().disabled != null}
                      textValue={item().label}
                      title={item().disabled ?? undefined}
                      onSelect={() => (chosen = item().value)}
                    >
                      <span class="menu-icon" aria-hidden="true">
                        {item().icon?.({})}
                      </span>
                      <span class="menu-words">
                        <span>{item().label}</span>
                        <Show when={item().disabled ?? item().hint}>{(hint) => <small>{hint()}</small>}</Show>
                      </span>
                      <Show when={item().keys}>{(keys) => <kbd>{keys()}</kbd>}</Show>
                    </DropdownMenu.Item>
                  )}
                </Match>
              </Switch>
            )}
          </For>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
