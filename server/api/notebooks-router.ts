import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { firstExample } from "#server/workbench/first-example.ts";
import { titleOf } from "#server/workbench/live-notebook.ts";
import { procedure, router } from "./procedures.ts";
import { notebookPath } from "./schemas.ts";

/** The workspace's notebooks and the gallery of examples. */
export const notebooksRouter = router({
  list: procedure.query(({ ctx }) => ctx.notebooks.list()),

  examples: procedure.query(async ({ ctx }) => {
    // The one a new workspace begins with comes first.
    const names = (await readdir(ctx.examples))
      .filter((name) => name.endsWith(".md"))
      .sort((one, other) => Number(other === firstExample) - Number(one === firstExample) || (one < other ? -1 : 1));
    return Promise.all(
      names.map(async (name) => {
        const text = await readFile(join(ctx.examples, name), "utf8");
        return { file: name, title: titleOf(text).title ?? name, about: firstParagraph(text) };
      }),
    );
  }),

  create: procedure
    .input(z.strictObject({ title: z.string().trim().min(1).max(200), text: z.string().optional() }))
    .mutation(({ ctx, input }) => ctx.notebooks.create(input.title, input.text)),

  takeExample: procedure
    .input(z.strictObject({ file: z.string().min(1) }))
    .mutation(({ ctx, input }) => ctx.notebooks.takeExample(input.file)),

  rename: procedure
    .input(z.strictObject({ path: notebookPath, to: notebookPath }))
    .mutation(({ ctx, input }) => ctx.notebooks.rename(input.path, input.to)),

  duplicate: procedure
    .input(z.strictObject({ path: notebookPath }))
    .mutation(({ ctx, input }) => ctx.notebooks.duplicate(input.path)),

  remove: procedure
    .input(z.strictObject({ path: notebookPath }))
    .mutation(({ ctx, input }) => ctx.notebooks.remove(input.path)),

  /** Takes a removal back. */
  restore: procedure
    .input(z.strictObject({ removed: z.string().min(1).max(1_000), path: notebookPath }))
    .mutation(({ ctx, input }) => ctx.notebooks.restore(input.removed, input.path)),

  /** Tells whenever the list may have changed. */
  changes: procedure.subscription(async function* ({ ctx, signal }) {
    let wake = Promise.withResolvers<void>();
    const stop = ctx.notebooks.onList(() => wake.resolve());
    signal?.addEventListener("abort", () => wake.resolve(), { once: true });
    try {
      for (;;) {
        if (signal?.aborted === true) return;
        yield ctx.runtime.now();
        await wake.promise;
        wake = Promise.withResolvers<void>();
      }
    } finally {
      stop();
    }
  }),
});

/** The first paragraph of an example's prose: what it is about. */
function firstParagraph(text: string): string {
  const prose = text
    .replace(/^---\n[\s\S]*?\n---\n/, "")
    .replace(/^#.*$/m, "")
    .trim();
  return prose.split(/\n\s*\n/)[0]!.replaceAll(/\s+/g, " ");
}
