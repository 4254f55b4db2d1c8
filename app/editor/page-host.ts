import { untrack } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { api } from "~/api";
import type { NotebookContextValue } from "~/notebook/notebook-context";
import { offeredModels, shortNames } from "~/models/offered-models";
import { allKinds } from "~/notebook/all-kinds";
import { askedOnce } from "~/notebook/asked-once";
import type { Hands } from "~/notebook/use-hands";
import type { EditorHost } from "./editor-host";
import { pageNames, type NamedThing } from "./names/page-names";

/** An editor's host: the notebook's page, and what it asks the server once. */
export function pageHost(context: NotebookContextValue, hands: Hands, cell: () => CellView): EditorHost {
  const { store, actions, select } = context;
  const { actionContext } = hands;
  return {
    view: () => untrack(() => store.view),
    cell: () => untrack(cell),
    names: () => untrack(() => pageNames(store.view, cell().path)),
    goTo: (thing) => untrack(() => goTo(thing, hands)),
    askName: (title, name, problemOf) =>
      untrack(actionContext).page.askText({
        title,
        label: "Name, in the whole notebook",
        value: name,
        yes: "Rename",
        problem(text) {
          const problem = text === name ? null : problemOf(text.trim());
          return problem === null ? null : `${problem.message}. ${problem.cure}`;
        },
      }),
    async rename(from, to) {
      const own = untrack(() => cell().path);
      if (!(await actions.edit([{ type: "rename", cell: from, to }]))) return;
      const renamed = from.replace(/[^.]*$/, to);
      if (own === from || own.startsWith(`${from}.`)) select({ cell: renamed + own.slice(from.length), mode: "edit" });
    },
    firstRows: (address, count) => api.notebook.tableRows.query({ path: store.path, address, from: 0, to: count }),
    datasetFiles: allFiles,
    datasetColumns: columnsOf,
    scorers: allScorers,
    async fields() {
      const kinds = await allKinds();
      const { kind } = untrack(cell);
      return kinds.find((one) => one.kind === kind)?.fields ?? [];
    },
    models: async () => [
      ...shortNames(untrack(() => store.view.head.head.models)),
      ...(await offeredModels()).filter(({ embeds }) => embeds === (untrack(cell).kind === "retrieve")),
    ],
  };
}

/** Selects a cell and scrolls to it, or puts the cursor into an input's field. */
function goTo(thing: NamedThing, { actionContext }: Hands): void {
  if (thing.type === "cell") return actionContext().page.show(thing.path, { flash: true });
  const field = document.getElementById(`input-${thing.name}`);
  field?.scrollIntoView({ block: "nearest" });
  field?.focus();
}

const allScorers = askedOnce(() => api.workspace.scorers.query());
const allFiles = askedOnce(async () => (await api.datasets.list.query()).map(({ path }) => path));
const columns = new Map<string, () => Promise<readonly string[]>>();

function columnsOf(file: string): Promise<readonly string[]> {
  let ask = columns.get(file);
  if (ask === undefined) {
    ask = askedOnce(async () => (await api.datasets.preview.query({ path: file })).columns.map(({ name }) => name));
    columns.set(file, ask);
  }
  return ask();
}
