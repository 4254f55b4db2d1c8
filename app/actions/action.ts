import type { ActionContext } from "./action-context";
import type { ActionIcon } from "./action-icons";

/** Something a person can do on a notebook's page. Keys, palette, menus, toolbars and help are made of the one list of these. */
export interface Action {
  /** `cell.remove`: a stable word for programs. */
  readonly id: string;
  readonly group: ActionGroup;
  /** What it does now, in words: `Undo removing topic`. */
  label(context: ActionContext): string;
  /** Words it is found by, besides those of its label. */
  readonly keywords: string;
  readonly keys: readonly ActionKeys[];
  readonly icon: ActionIcon | null;
  /** Whether it is among those to learn first. */
  readonly basic: boolean;
  /** Whether it has a place here at all. */
  available(context: ActionContext): boolean;
  /** Why it cannot be done now; null where it can. */
  disabled(context: ActionContext): string | null;
  run(context: ActionContext): void | Promise<void>;
}

export type ActionGroup = "Run" | "Cells" | "Move about" | "Edit" | "View" | "Notebook";

/** The groups in the order in which they are shown. */
export const actionGroups: readonly ActionGroup[] = ["Run", "Cells", "Move about", "Edit", "View", "Notebook"];

/**
 * Keys that do an action, and where they do. In `command` a block is selected and nothing is typed; in `edit` a cell's or a block's text is
 * typed in; `anywhere` are both, and every other field of the page.
 */
export interface ActionKeys {
  /** `Mod+Enter`; presses one after another stand apart: `d d`. */
  readonly press: string;
  readonly where: "command" | "edit" | "cell" | "anywhere";
}

/** What keys mean at the moment: `field` is any other place that takes them. */
export type KeyMode = "command" | "edit" | "field";

/** An action with what most have: no keys and keywords, always available and never disabled. */
export function defineAction(
  action: Pick<Action, "id" | "group" | "run"> & {
    readonly label: string | Action["label"];
  } & Partial<Omit<Action, "label">>,
): Action {
  const { label } = action;
  return {
    keywords: "",
    keys: [],
    icon: null,
    basic: false,
    available: () => true,
    disabled: () => null,
    ...action,
    label: typeof label === "string" ? () => label : label,
  };
}

/** Keys in command mode alone. */
export function inCommand(...presses: readonly string[]): readonly ActionKeys[] {
  return presses.map((press) => ({ press, where: "command" }));
}

/** Keys on a cell, selected or being edited. */
export function onCell(...presses: readonly string[]): readonly ActionKeys[] {
  return presses.map((press) => ({ press, where: "cell" }));
}

/** Keys wherever the focus is. */
export function anywhere(...presses: readonly string[]): readonly ActionKeys[] {
  return presses.map((press) => ({ press, where: "anywhere" }));
}
