import { createContext, useContext, type Accessor } from "solid-js";
import type { Drafts } from "~/editor/drafts";
import type { Blocks } from "./blocks";
import type { NotebookActions } from "./notebook-actions";
import type { NotebookStore } from "./notebook-store";
import type { PageState } from "./page-state";

/** What is selected on a notebook's page: a cell, in command mode or being edited, and the result the inspector explains. */
export interface Selection {
  /** Path of the selected cell, or `prose:KEY`; null for none. */
  readonly cell: string | null;
  readonly mode: "command" | "edit";
  /** Text of the address whose result is explained; in a sheet with the row. */
  readonly address: string | null;
  /** The block at the other end where several are selected; null where one is. */
  readonly anchor: string | null;
}

/** What every part of a notebook's page has at hand. */
export interface NotebookContextValue {
  readonly store: NotebookStore;
  readonly actions: NotebookActions;
  /** Texts of cells that are edited on this page. */
  readonly drafts: Drafts;
  readonly selection: Accessor<Selection>;
  /** Changes what is selected. Another cell is selected in command mode, alone and without an address, unless the change says otherwise. */
  select(change: Partial<Selection>): void;
  readonly blocks: Accessor<Blocks>;
  readonly page: PageState;
}

export const NotebookContext = createContext<NotebookContextValue>();

export function useNotebook(): NotebookContextValue {
  const context = useContext(NotebookContext);
  if (context === undefined) throw new Error("this part belongs on a notebook's page");
  return context;
}
