import type { Question, TextQuestion } from "../ui/dialogs";
import type { Search } from "../ui/find-one";
import type { ToastAction } from "../ui/toasts";
import type { PagePanel } from "./page-panels";
import type { Selection } from "../notebook/notebook-context";

/** One thing to choose from a menu. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
  /** Why it cannot be chosen now. */
  readonly disabled?: string | null;
}

/** What the page itself can do for an action: show, ask, choose, remember. */
export interface PageHands {
  select(change: Partial<Selection>): void;
  /** Selects a block, scrolls to it and gives it the focus; with `flash` it lights up shortly. Waits a moment for one that is not there yet. */
  show(block: string, options?: { readonly flash?: boolean }): void;
  /** Puts the cursor into the settings of a cell once their text is there. */
  enter(part: "settings", cell: string): void;
  open(panel: PagePanel): void;
  ask(question: Question): Promise<boolean>;
  /** The line that was entered, or null. */
  askText(question: TextQuestion): Promise<string | null>;
  /** A menu at a block, or below the top bar, as soon as its choices are known; null where none was chosen. */
  choose(
    title: string,
    choices: readonly Choice[] | Promise<readonly Choice[]>,
    block: string | null,
  ): Promise<string | null>;
  /** One line among many, found by its words; null where none was chosen. */
  find(search: Search): Promise<string | null>;
  /** Begins to edit the name of a cell, or the title of the notebook. */
  rename(cell: string): void;
  editTitle(): void;
  foldHeading(block: string, folded: boolean): void;
  foldAll(folded: boolean): void;
  toggleAllCode(): void;
  toggleTheme(): void;
  /** Asks what to publish. */
  publish(): void;
  /** Gives the focus to a part of the page. */
  focus(place: "outline" | "inputs" | "dependencies" | "document"): void;
  readonly clipboard: { write(text: string): Promise<void>; read(): Promise<string | null> };
  say(text: string, action?: ToastAction): void;
  goTo(address: string): void;
  download(name: string, text: string): void;
}
