import type { PageHands } from "~/actions/page-hands";
import type { Blocks } from "./blocks";
import { askToPublish } from "~/published/asked-to-publish";
import { ask, askText } from "~/ui/dialogs";
import { openMenu } from "~/ui/menu";
import { holdKeys } from "~/ui/type-ahead";
import { toggleTheme } from "~/ui/theme";
import { toasts } from "~/ui/toasts";
import { blockElement, finestElement, innerElement, whenFound } from "./block-element";
import { blockAt, proseKey } from "./blocks";
import { clipboard } from "./clipboard";
import type { Selection } from "./notebook-context";
import type { PageState } from "./page-state";

export interface HandsSettings {
  readonly state: PageState;
  readonly blocks: () => Blocks;
  readonly select: (change: Partial<Selection>) => void;
  readonly goTo: (address: string) => void;
}

const places = {
  outline: "#rail-outline a, #rail-outline button",
  inputs: ".inputs input, .inputs textarea, .inputs select",
  dependencies: ".related-cells a, .related-cells button",
} as const;

/** What the page does for actions. */
export function createPageHands({ state, blocks, select, goTo }: HandsSettings): PageHands {
  let shows = 0;
  const hands: PageHands = {
    select(change) {
      // The field of a text, as that of a name, comes when its code is there.
      if (change.mode === "edit" && proseKey(change.cell ?? "") !== null) holdKeys();
      select(change);
    },
    show(block, { flash = false } = {}) {
      const shown = blockAt(blocks(), block) ?? block;
      state.reveal(shown);
      select({ cell: block, mode: "command", anchor: null });
      const own = (shows += 1);
      whenFound(
        () => finestElement(block, shown),
        (element) => {
          // A block that comes late is not gone to where another was shown meanwhile.
          if (own !== shows) return;
          element.scrollIntoView({ block: "nearest" });
          element.focus({ preventScroll: true });
          if (flash) state.flash(shown);
          // A cell in a sheet may come after it: until then the sheet has the focus.
          if (shown === block || element.dataset["block"] !== shown) return;
          whenFound(
            () => innerElement(block),
            (inner) => own === shows && document.activeElement === element && inner.focus(),
          );
        },
      );
    },
    enter(_, cell) {
      const place = `[data-text-of="${CSS.escape(cell)}"][data-part="settings"]`;
      whenFound(
        () => document.querySelector<HTMLElement>(place),
        // The editor itself knows where its cursor is.
        (element) => element.dispatchEvent(new Event("enter")),
      );
    },
    open(panel) {
      if (panel !== state.panel()) holdKeys();
      state.openPanel(panel);
    },
    ask,
    askText,
    async choose(title, choices, block) {
      holdKeys();
      const entries = (await choices).map((choice) => ({ type: "item", ...choice }) as const);
      const element = block === null ? null : blockElement(blockAt(blocks(), block) ?? block);
      return openMenu({ title, showsTitle: true, at: placeAt(element), entries });
    },
    async find(search) {
      holdKeys();
      const { findOne } = await import("~/ui/find-one");
      return findOne(search);
    },
    rename(cell) {
      holdKeys();
      state.setRenaming(cell);
    },
    editTitle() {
      holdKeys();
      state.setTitleEdited(true);
    },
    foldHeading(block, folded) {
      const heading = state.outline().find((item) => item.block === block && item.type === "heading");
      if (heading?.type === "heading") state.setFolded(heading.key, folded);
    },
    foldAll: (folded) => state.foldAll(folded),
    toggleAllCode: () => state.setCodeHidden(!state.isCodeHidden()),
    toggleTheme,
    publish: () => void askToPublish(true),
    focus(place) {
      if (place === "document") {
        document.querySelector<HTMLElement>(".document [data-block][tabindex='0']")?.focus();
        return;
      }
      document.querySelector<HTMLElement>(places[place])?.focus();
    },
    clipboard,
    say: (text, action) => toasts.say(text, action),
    goTo,
    download(name, text) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    },
  };
  return hands;
}

/** Where a menu about a block opens: at its foot, as far as that is in sight; in the middle above without one. */
function placeAt(element: HTMLElement | null): { readonly x: number; readonly y: number } {
  if (element === null) return { x: window.innerWidth / 2 - 120, y: 80 };
  const { left, bottom } = element.getBoundingClientRect();
  return { x: left, y: Math.min(Math.max(bottom, 56), window.innerHeight - 40) };
}
