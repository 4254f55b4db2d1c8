import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { z } from "zod";
import { scorers } from "#evals/scorers/index.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { procedure, router } from "./procedures.ts";

const readable = /\.(?:csv|tsv|tab|jsonl?|ndjson|ya?ml|parquet)$/i;
/** The most files that are offered. */
const mostFiles = 1_000;

/** What an editor offers that is not the notebook's: dataset files and their columns, scorers. */
export const completionRouter = router({
  /** Dataset files by their path below `datasets/`. */
  datasetFiles: procedure.query(async ({ ctx }) => {
    const { datasets } = ctx.runtime.workspace;
    const entries = await readdir(datasets, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => entry.isFile() && readable.test(entry.name))
      .map(({ parentPath, name }) => relative(datasets, join(parentPath, name)).split(sep).join("/"))
      .sort()
      .slice(0, mostFiles);
  }),

  /** The columns of a dataset file; none where it cannot be read, which its cell says. */
  datasetColumns: procedure.input(z.strictObject({ file: z.string().min(1) })).query(async ({ ctx, input }) => {
    try {
      return (await ctx.runtime.tables.importFile(input.file)).columns.map(({ name, type }) => ({ name, type }));
    } catch (thrown) {
      if (thrown instanceof SheafError) return [];
      throw thrown;
    }
  }),

  /** The scorers of a list of checks. */
  scorers: procedure.query(() => scorers.map(({ name, description }) => ({ name, description }))),
});
