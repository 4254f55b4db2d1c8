import { completionRouter } from "./completion-router.ts";
import { notebookRouter } from "./notebook-router.ts";
import { notebooksRouter } from "./notebooks-router.ts";
import { router } from "./procedures.ts";
import { workspaceRouter } from "./workspace-router.ts";

/** Everything a page can ask and do. */
export const appRouter = router({
  workspace: workspaceRouter,
  notebooks: notebooksRouter,
  notebook: notebookRouter,
  completion: completionRouter,
});

/** Its type is all the browser imports. */
export type AppRouter = typeof appRouter;
