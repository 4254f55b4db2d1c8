import { mkdir, readdir, rename, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { z } from "zod";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { ifThere } from "#server/workbench/saved-file.ts";
import type { ApiContext } from "./context.ts";
import { procedure, router } from "./procedures.ts";

const at = z.strictObject({ path: z.string().min(1).max(1_000) });
const tabular = /\.(?:csv|tsv|json|jsonl|ndjson|parquet)$/i;

/** A dataset file of the workspace. */
export interface DatasetView {
  /** Below `datasets/`, as SQL names it. */
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds. */
  readonly modifiedAt: number;
}

/** The dataset files of the workspace; they come by the upload route. */
export const datasetsRouter = router({
  list: procedure.query(async ({ ctx }): Promise<readonly DatasetView[]> => {
    const { datasets } = ctx.runtime.workspace;
    const entries = (await ifThere(readdir(datasets, { recursive: true, withFileTypes: true }))) ?? [];
    const files = entries.filter((entry) => entry.isFile() && tabular.test(entry.name));
    const views = await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const file = join(parentPath, name);
        const found = await ifThere(stat(file));
        if (found === null) return [];
        const { size, mtimeMs } = found;
        return [{ path: relative(datasets, file).split(sep).join("/"), bytes: size, modifiedAt: mtimeMs }];
      }),
    );
    return views.flat().sort((left, right) => left.path.localeCompare(right.path));
  }),

  /** Its columns, how many rows it has, and the first hundred of them. */
  preview: procedure.input(at).query(async ({ ctx, input }) => {
    const table = await ctx.runtime.tables.importFile(input.path);
    const { columns, rowCount } = table;
    return { columns, rowCount, rows: await ctx.runtime.tables.rows(table, 0, 100) };
  }),

  /** Puts a file into `.sheaf/removed`. */
  remove: procedure.input(at).mutation(async ({ ctx, input }) => {
    const file = datasetFile(ctx, input.path);
    const removed = join(ctx.runtime.workspace.state, "..", "removed");
    await mkdir(removed, { recursive: true });
    await rename(file, join(removed, `${ctx.runtime.now()}-${basename(file)}`));
  }),
});

/** The file of a dataset's path; nothing outside the folder of datasets has one. */
export function datasetFile({ runtime }: Pick<ApiContext, "runtime">, path: string): string {
  const { datasets } = runtime.workspace;
  const file = resolve(datasets, path);
  if (
    !file.startsWith(datasets + sep) ||
    !tabular.test(file) ||
    // No file system has a name with these.
    /[\x00-\x1f]/.test(path) ||
    dirname(file).split(sep).includes("..")
  )
    throw new SheafError("dataset.path", `${path} is no dataset file`, {
      cure: "Dataset files are CSV, TSV, JSON, JSONL or Parquet below the folder `datasets/`.",
    });
  return file;
}
