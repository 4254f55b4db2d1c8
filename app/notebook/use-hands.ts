import { useNavigate } from "@solidjs/router";
import type { ActionContext } from "~/actions/action-context";
import { actionNamed } from "~/actions/all-actions";
import { perform } from "~/actions/perform";
import { createEstimates, type Estimates } from "~/money/estimates";
import { allModels } from "./all-models";
import { allKinds } from "./all-kinds";
import { comparedRows } from "./compared-row";
import { createPageHands } from "./create-page-hands";
import { createDragging, type Dragging } from "./dragging";
import { useNotebook, type NotebookContextValue } from "./notebook-context";

/** What is done with a notebook's page: loaded right after the page is shown, for nothing of it is needed to read. */
export interface Hands {
  /** What actions are done to, as of now. */
  actionContext(): ActionContext;
  /** Does an action of the table on what is selected. */
  act(id: string): void;
  readonly estimates: Estimates;
  readonly dragging: Dragging;
}

/** The field of the page that is typed in; null for none. */
const typedIn = (): Element | null =>
  document.activeElement?.closest("main :is(input, textarea, [contenteditable=true])") ?? null;

const known = new WeakMap<NotebookContextValue, Hands>();

/** The hands of the page the caller is on. */
export function useHands(): Hands {
  const notebook = useNotebook();
  const goTo = useNavigate();
  const hands = known.get(notebook) ?? createHands(notebook, goTo);
  known.set(notebook, hands);
  return hands;
}

function createHands(notebook: NotebookContextValue, goTo: (address: string) => void): Hands {
  const { store, actions, selection, select, blocks, page } = notebook;
  const hands = createPageHands({ state: page, blocks, select, goTo });
  const actionContext = (): ActionContext => {
    const typed = typedIn();
    return {
      view: store.view,
      selection: selection(),
      blocks: blocks(),
      outline: page.outline(),
      kinds: allKinds,
      models: allModels,
      server: actions,
      page: {
        ...hands,
        show(block, options) {
          // Whoever types elsewhere by the time something is done is not taken away from there.
          if (typedIn() === null || typedIn() === typed) hands.show(block, options);
        },
      },
    };
  };
  /** What changes whenever an estimate may: the text, the inputs, and what has been run. */
  const version = (): string => {
    const { revision, inputs, trusted } = store.view.head.head;
    const ended = Object.values(store.view.runs).map(({ id, endedAt }) => `${id}${endedAt}`);
    return JSON.stringify([revision, trusted, inputs.map(({ value }) => value), ended]);
  };
  return {
    actionContext,
    act: (id) => void perform(actionNamed(id), actionContext()),
    estimates: createEstimates(
      () => store.path,
      version,
      (scope) => comparedRows(scope, page.comparedRow()),
    ),
    dragging: createDragging(actionContext),
  };
}
