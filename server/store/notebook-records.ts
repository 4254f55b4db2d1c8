import type { Kysely } from "kysely";
import type { StateSchema } from "./state-schema.ts";
import type { NotebookRecords } from "./store.ts";

/** Tables of what is said of a notebook at its path: of a new path nothing of it holds. */
const said = ["waits", "grants", "trusts"] as const;

/** What one workspace keeps of its notebooks by their paths. */
export function createNotebookRecords(db: Kysely<StateSchema>, workspace: string): NotebookRecords {
  return {
    move: (notebook, to) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .deleteFrom("budgets")
          .where("workspace_id", "=", workspace)
          .where("scope", "=", "notebook")
          .where("subject", "=", to)
          .execute();
        await transaction
          .updateTable("budgets")
          .set({ subject: to })
          .where("workspace_id", "=", workspace)
          .where("scope", "=", "notebook")
          .where("subject", "=", notebook)
          .execute();
        for (const table of said)
          await transaction
            .deleteFrom(table)
            .where("workspace_id", "=", workspace)
            .where("notebook", "=", to)
            .execute();
        for (const table of [...said, "runs", "endpoints"] as const)
          await transaction
            .updateTable(table)
            .set({ notebook: to })
            .where("workspace_id", "=", workspace)
            .where("notebook", "=", notebook)
            .execute();
      }),
  };
}
