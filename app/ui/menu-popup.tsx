import { createSignal, For, Match, Show, Switch } from "solid-js";
import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import type { OpenMenu } from "./menu";
import "./menu.css";

/** Frames for which the first line is waited for. */
const patience = 30;

/** With nothing that opened it, Kobalte leaves the focus on the menu itself: it goes to the first line as soon as that is there. */
function focusFirst(menu: HTMLElement, frames = patience): void {
  const first = menu.querySelector<HTMLElement>("[role=menuitem]:not([data-disabled])");
  if (first !== null && document.activeElement === menu) first.focus();
  else if (frames > 0 && !menu.contains(document.activeElement === menu ? null : document.activeElement))
    requestAnimationFrame(() => focusFirst(menu, frames - 1));
}

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
          ref={(element) => requestAnimationFrame(() => focusFirst(element))}
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
