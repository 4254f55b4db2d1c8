import { basename } from "node:path";
import { scorers } from "#evals/scorers/index.ts";
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

  /** The scorers of a list of checks. */
  scorers: procedure.query(() => scorers.map(({ name, description }) => ({ name, description }))),
});
