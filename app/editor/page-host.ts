import { untrack } from "solid-js";
import type { Field } from "#server/notebook/cell-kind.ts";
import type { CellView } from "#server/workbench/view.ts";
import { api } from "~/api";
import type { NotebookContextValue } from "~/notebook/notebook-context";
import type { EditorHost } from "./editor-host";
import { pageNames, type NamedThing } from "./names/page-names";

/** An editor's host: the notebook's page, and what it asks the server once. */
export function pageHost(context: NotebookContextValue, cell: () => CellView): EditorHost {
  const { store, actions, selection, select } = context;
  const { path } = store;
  return {
    view: () => untrack(() => store.view),
    cell: () => untrack(cell),
    names: () => untrack(() => pageNames(store.view, cell().path)),
    goTo: (thing) => untrack(() => goTo(thing, context)),
    async rename(from, to) {
      const { cell: selected } = untrack(selection);
      const own = untrack(() => cell().path);
      if (!(await actions.edit([{ type: "rename", cell: from, to }]))) return false;
      if (selected === own && (own === from || own.startsWith(`${from}.`)))
        select({
          cell: own.replace(from, from.includes(".") ? `${from.slice(0, from.lastIndexOf("."))}.${to}` : to),
          mode: "edit",
        });
      return true;
    },
    firstRows: (address, count) => api.notebook.tableRows.query({ path, address, from: 0, to: count }),
    datasetFiles: once(() => api.completion.datasetFiles.query()),
    datasetColumns: columnsOf,
    scorers: once(() => api.completion.scorers.query()),
    async fields() {
      const kinds = await allKinds();
      const { kind } = untrack(cell);
      return (kinds.find((one) => one.kind === kind)?.fields ?? []) as readonly Field[];
    },
    async models() {
      return [...Object.keys(untrack(() => store.view.head.head.models)), ...(await allModels())];
    },
  };
}

/** Selects a cell and scrolls to it, or puts the cursor into an input's field. */
function goTo(thing: NamedThing, { store, select }: NotebookContextValue): void {
  if (thing.type === "input") {
    const field = document.getElementById(`input-${thing.name}`);
    field?.scrollIntoView({ block: "nearest" });
    field?.focus();
    return;
  }
  const cell = store.view.cells[thing.path];
  const block = cell?.container ?? thing.path;
  select({ cell: thing.path, mode: "command", address: null });
  const element = document.querySelector<HTMLElement>(`[data-block="${CSS.escape(block)}"]`);
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: "nearest" });
}

const kept = 30_000;

/** What was answered last, for as long as it may be taken to hold. While the server is away nothing is offered; that it is away is said elsewhere. */
function once<Entry>(ask: () => Promise<readonly Entry[]>): () => Promise<readonly Entry[]> {
  let last: { readonly at: number; readonly answer: Promise<readonly Entry[]> } | null = null;
  return () => {
    if (last !== null && Date.now() - last.at < kept) return last.answer;
    const answer = ask().catch(() => {
      last = null;
      return [];
    });
    last = { at: Date.now(), answer };
    return answer;
  };
}

const allKinds = once(() => api.workspace.kinds.query());
const allModels = once(async () => {
  const { local, providers } = await api.workspace.models.query();
  return [...local.map(({ name }) => name), ...providers.flatMap(({ name, usable }) => (usable ? [`${name}/`] : []))];
});
const columns = new Map<string, () => Promise<readonly string[]>>();

function columnsOf(file: string): Promise<readonly string[]> {
  let ask = columns.get(file);
  if (ask === undefined) {
    ask = once(async () => (await api.completion.datasetColumns.query({ file })).map(({ name }) => name));
    columns.set(file, ask);
  }
  return ask();
}
