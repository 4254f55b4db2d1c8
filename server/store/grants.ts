import { sql, type Kysely } from "kysely";
import type { StateSchema } from "./state-schema.ts";
import type { Grants } from "./store.ts";

/** The grants of one workspace. */
export function createGrants(db: Kysely<StateSchema>, workspace: string): Grants {
  return {
    async give({ notebook, cell, budget, grantedAt }) {
      const given = { budget, granted_at: grantedAt, spent: 0 };
      await db
        .insertInto("grants")
        .values({ workspace_id: workspace, notebook, cell, ...given })
        .onConflict((conflict) => conflict.columns(["workspace_id", "notebook", "cell"]).doUpdateSet(given))
        .execute();
    },

    async book(notebook, cell, cost) {
      await db
        .updateTable("grants")
        .set({ spent: sql`spent + ${cost}` })
        .where("workspace_id", "=", workspace)
        .where("notebook", "=", notebook)
        .where("cell", "=", cell)
        .execute();
    },

    async list(notebook) {
      const rows = await db
        .selectFrom("grants")
        .select(["notebook", "cell", "budget", "granted_at", "spent"])
        .where("workspace_id", "=", workspace)
        .where("notebook", "=", notebook)
        .orderBy("cell")
        .execute();
      return rows.map(({ granted_at, ...grant }) => ({ ...grant, grantedAt: Number(granted_at) }));
    },

    async revoke(notebook, cell) {
      await db
        .deleteFrom("grants")
        .where("workspace_id", "=", workspace)
        .where("notebook", "=", notebook)
        .where("cell", "=", cell)
        .execute();
    },

    rename: (notebook, cell, to) =>
      db.transaction().execute(async (transaction) => {
        const granted = await transaction
          .selectFrom("grants")
          .select("cell")
          .where("workspace_id", "=", workspace)
          .where("notebook", "=", notebook)
          .where("cell", "=", cell)
          .executeTakeFirst();
        if (granted === undefined) return;
        await transaction
          .deleteFrom("grants")
          .where("workspace_id", "=", workspace)
          .where("notebook", "=", notebook)
          .where("cell", "=", to)
          .execute();
        await transaction
          .updateTable("grants")
          .set({ cell: to })
          .where("workspace_id", "=", workspace)
          .where("notebook", "=", notebook)
          .where("cell", "=", cell)
          .execute();
      }),
  };
}
