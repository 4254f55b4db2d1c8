import { costsRouter } from "./costs-router.ts";
import { datasetsRouter } from "./datasets-router.ts";
import { modelsRouter } from "./models-router.ts";
import { moneyRouter } from "./money-router.ts";
import { notebookRouter } from "./notebook-router.ts";
import { notebooksRouter } from "./notebooks-router.ts";
import { router } from "./procedures.ts";
import { publishedRouter } from "./published-router.ts";
import { runsRouter } from "./runs-router.ts";
import { sheetRouter } from "./sheet-router.ts";
import { workspaceRouter } from "./workspace-router.ts";

/** Everything a page can ask and do. */
export const appRouter = router({
  workspace: workspaceRouter,
  notebooks: notebooksRouter,
  notebook: notebookRouter,
  models: modelsRouter,
  datasets: datasetsRouter,
  runs: runsRouter,
  sheet: sheetRouter,
  published: publishedRouter,
  costs: costsRouter,
  money: moneyRouter,
});

/** Its type is all the browser imports. */
export type AppRouter = typeof appRouter;
