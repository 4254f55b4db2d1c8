import { readdir } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { z } from "zod";
import { cellKinds } from "#server/cells/index.ts";
import { procedure, router } from "./procedures.ts";

/** The workspace itself: what it is, its kinds of cells, its models. */
export const workspaceRouter = router({
  about: procedure.query(({ ctx }) => ({
    folder: ctx.runtime.workspace.folder,
    name: basename(ctx.runtime.workspace.folder),
  })),

  /** The kinds of cells with their forms, in the order of the insert menu. */
  kinds: procedure.query(() =>
    [...cellKinds.values()].map(({ kind, title, description, fields, body }) => ({
      kind,
      title,
      description,
      fields,
      body: typeof body === "string" ? body : "messages",
    })),
  ),

  /** Files below `datasets/` that can be tables, by their path there. */
  datasetFiles: procedure.query(async ({ ctx }) => {
    const { datasets } = ctx.runtime.workspace;
    const entries = await readdir(datasets, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => entry.isFile() && /\.(?:csv|tsv|tab|jsonl?|ndjson|ya?ml|parquet)$/i.test(entry.name))
      .map(({ parentPath, name }) => relative(datasets, join(parentPath, name)).split(sep).join("/"))
      .sort();
  }),

  /** Local models with the state of their files, and the providers with the variable their key comes from. */
  models: procedure.query(async ({ ctx }) => ({
    local: (await ctx.runtime.modelFiles.list()).map(({ model, state }) => ({
      name: model.name,
      title: model.title,
      state,
      bytes: model.bytes,
      licence: model.licence,
    })),
    providers: ctx.runtime.models.list(),
  })),

  /** Agrees to the terms of a local model; nothing is fetched yet. */
  agree: procedure.input(z.strictObject({ model: z.string() })).mutation(async ({ ctx, input }) => {
    const file = ctx.runtime.modelFiles.model(input.model);
    await ctx.runtime.store.consents.give(file.name, file.licence.agreement ?? file.licence.title, ctx.runtime.now());
  }),

  /** Fetches the file of a local model. */
  pull: procedure.input(z.strictObject({ model: z.string() })).mutation(async ({ ctx, input }) => {
    await ctx.runtime.modelFiles.ensure(input.model);
  }),
});
