import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Prepared } from "#server/runner/prepared.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { KeptDataset } from "#server/store/store.ts";
import type { Tables } from "#server/tables/tables.ts";

type File = Pick<KeptDataset, "path" | "encoding">;

/** The dataset files that a notebook's outputs read, imported as they are now. Rejects as their import does. */
export async function keepDatasets(prepared: Prepared, tables: Tables): Promise<readonly KeptDataset[]> {
  const kept: KeptDataset[] = [];
  for (const file of filesOf(prepared)) {
    const { path, encoding } = file;
    const table = await tables.importFile(path, encoding === undefined ? {} : { encoding });
    kept.push({ ...file, version: await tables.fileVersion(path), table });
  }
  return kept;
}

/** A runtime that reads dataset files as they were kept, and no others; what the workspace's calls were is for nobody outside. */
export function withDatasets(runtime: Runtime, datasets: readonly KeptDataset[]): Runtime {
  const find = (wanted: File): KeptDataset => {
    const found = datasets.find((dataset) => nameOf(dataset) === nameOf(wanted));
    if (found !== undefined) return found;
    throw new SheafError("data.not-kept", `the dataset ${wanted.path} was not kept when the notebook was published`, {
      cure: "Publish it again. A published notebook reads only datasets whose paths it has written out.",
    });
  };
  const importFile: Tables["importFile"] = async (path, { encoding } = {}) =>
    find(encoding === undefined ? { path } : { path, encoding }).table;
  return {
    ...runtime,
    services: { ...runtime.services, importFile },
    tables: {
      ...runtime.tables,
      calls: {
        ...runtime.tables.calls,
        table: async () => {
          throw new SheafError("calls.not-published", "a published notebook cannot read the workspace's calls", {
            cure: "Take the cells that read `calls` out of what its outputs need.",
          });
        },
      },
      importFile,
      fileVersion: async (path) => (datasets.find((dataset) => dataset.path === path) ?? find({ path })).version,
    },
  };
}

function filesOf({ notebook, graph, plan }: Prepared): readonly File[] {
  const files = new Map<string, File>();
  const add = (file: File): void => void files.set(nameOf(file), file);
  for (const step of plan.steps) {
    const node = graph.nodes.get(step.node)!;
    const { encoding } = node.wordings[0]!.configuration.values;
    for (const read of node.reads)
      if (read.type === "file") add({ path: read.path, ...(typeof encoding === "string" ? { encoding } : {}) });
  }
  for (const { type, default: path } of notebook.front.inputs)
    if (type === "table" && typeof path === "string") add({ path });
  return [...files.values()];
}

function nameOf({ path, encoding = "" }: File): string {
  return JSON.stringify([path, encoding]);
}
