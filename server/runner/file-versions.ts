import type { RunContext } from "./run-context.ts";

/** Finds the versions of the dataset files a notebook reads; a file that cannot be read has none, which is an error of its cell when it runs. */
export async function readFileVersions({ state, tables }: Pick<RunContext, "state" | "tables">): Promise<void> {
  const paths = new Set(
    [...state.graph.nodes.values()].flatMap(({ reads }) =>
      reads.flatMap((read) => (read.type === "file" ? [read.path] : [])),
    ),
  );
  const found = new Map<string, string>();
  for (const path of paths) {
    const version = await tables.fileVersion(path).catch(() => null);
    if (version !== null) found.set(path, version);
  }
  // Others look at them meanwhile.
  state.files.clear();
  for (const [path, version] of found) state.files.set(path, version);
}
