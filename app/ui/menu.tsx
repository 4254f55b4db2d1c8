import { createSignal, lazy, Show, Suspense, type JSX } from "solid-js";
import { holdKeys } from "./type-ahead";

/** One line of a menu. */
export type MenuEntry =
  | {
      readonly type: "item";
      readonly value: string;
      readonly label: string;
      /** A second line in small letters. */
      readonly hint?: string;
      /** Keys that do the same, as a person reads them. */
      readonly keys?: string;
      readonly icon?: (props: { class?: string }) => JSX.Element;
      /** Why it cannot be chosen now. */
      readonly disabled?: string | null;
      readonly isDangerous?: boolean;
    }
  | { readonly type: "heading"; readonly label: string }
  | { readonly type: "separator" };

export interface MenuRequest {
  /** What it is a menu of, for screen readers and as its heading. */
  readonly title: string;
  readonly showsTitle?: boolean;
  /** Where it opens: below an element, or at a place of the window. */
  readonly at: Element | { readonly x: number; readonly y: number };
  readonly entries: readonly MenuEntry[];
}

export interface OpenMenu extends MenuRequest {
  readonly answer: (value: string | null) => void;
  /** What has the focus again afterwards. */
  readonly before: HTMLElement | null;
}

const [menu, setMenu] = createSignal<OpenMenu | null>(null);
const load = () => import("./menu-popup");
const MenuPopup = lazy(async () => ({ default: (await load()).MenuPopup }));

/** Opens a menu and gives the value that was chosen, or null. There is one menu at a time. */
export function openMenu(request: MenuRequest): Promise<string | null> {
  menu()?.answer(null);
  holdKeys();
  return new Promise((resolve) => {
    const before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    setMenu({
      ...request,
      before,
      answer(value) {
        setMenu(null);
        resolve(value);
      },
    });
  });
}

/** Fetches what menus are drawn with before the first is opened. */
export const warmMenus = (): void => void load();

/** Whether a menu is open or about to be: keys are its own then. */
export const menuIsOpen = (): boolean => menu() !== null;

/** Where the page's menu is drawn. */
export function MenuHost() {
  return (
    <Show when={menu()} keyed>
      {(open) => (
        <Suspense>
          <MenuPopup menu={open} />
        </Suspense>
      )}
    </Show>
  );
}
