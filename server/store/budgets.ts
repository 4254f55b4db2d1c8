import type { Kysely } from "kysely";
import type { StateSchema } from "./state-schema.ts";
import type { Budgets } from "./store.ts";

/** The budgets of one workspace. */
export function createBudgets(db: Kysely<StateSchema>, workspace: string): Budgets {
  return {
    async set({ scope, subject, ...given }) {
      await db
        .insertInto("budgets")
        .values({ workspace_id: workspace, scope, subject, ...given })
        .onConflict((conflict) => conflict.columns(["workspace_id", "scope", "subject"]).doUpdateSet(given))
        .execute();
    },

    async list() {
      const rows = await db
        .selectFrom("budgets")
        .select(["scope", "subject", "amount", "since", "carried"])
        .where("workspace_id", "=", workspace)
        .orderBy("scope")
        .orderBy("subject")
        .execute();
      return rows.map((row) => ({ ...row, since: Number(row.since) }));
    },

    async remove({ scope, subject }) {
      await db
        .deleteFrom("budgets")
        .where("workspace_id", "=", workspace)
        .where("scope", "=", scope)
        .where("subject", "=", subject)
        .execute();
    },
  };
}
