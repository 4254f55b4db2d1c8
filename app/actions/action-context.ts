import type { NotebookView } from "#server/workbench/view.ts";
import { blockAt, blocksBetween, type Blocks } from "../notebook/blocks";
import type { NotebookActions } from "../notebook/notebook-actions";
import type { Selection } from "../notebook/notebook-context";
import type { OutlineItem } from "../notebook/outline";
import type { PageHands } from "./page-hands";

/** What an action is done to, and by what. */
export interface ActionContext {
  readonly view: NotebookView;
  readonly selection: Selection;
  readonly blocks: Blocks;
  readonly outline: readonly OutlineItem[];
  /** The kinds of cells there are, in the order of the insert menu. */
  kinds(): Promise<readonly KindChoice[]>;
  /** Models one can talk to that are known by name, with what is said of each. */
  models(): Promise<readonly { readonly name: string; readonly words: string }[]>;
  readonly server: NotebookActions;
  readonly page: PageHands;
}

export interface KindChoice {
  readonly kind: string;
  readonly title: string;
  readonly description: string;
}

/** The block of the page that is selected, or in which what is selected stands. */
export function selectedBlock({ blocks, selection }: ActionContext): string | null {
  return blockAt(blocks, selection.cell);
}

/** All that is selected: several blocks, or one, or in a sheet one of its cells. */
export function chosen({ selection, blocks }: ActionContext): readonly string[] {
  return blocksBetween(blocks, selection);
}

/** The cells among all that is selected, by their paths. */
export function chosenCells(context: ActionContext): readonly string[] {
  return chosen(context).filter((block) => context.view.cells[block] !== undefined);
}

/** The nodes that cells compute, as a run names them. */
export function nodesOf({ view }: ActionContext, cells: readonly string[]): readonly string[] {
  return [...new Set(cells.flatMap((path) => view.cells[path]?.node ?? []))];
}

/** Runs that are going on and were asked for. */
export function openRuns({ view }: Pick<ActionContext, "view">) {
  return Object.values(view.runs).filter((run) => run.outcome === null && !run.automatic);
}

/** Why nothing can be run; null where it can. */
export function runProblem({ view }: ActionContext): string | null {
  return view.head.head.trusted ? null : "Trust this notebook first";
}
