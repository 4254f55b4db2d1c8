import type { Kysely } from "kysely";
import type { StateSchema } from "./state-schema.ts";
import type { Waits } from "./store.ts";

/** What waits in one workspace. */
export function createWaits(db: Kysely<StateSchema>, workspace: string): Waits {
  return {
    async add({ notebook, address, reason, subject, message, since }) {
      await db
        .insertInto("waits")
        .values({ workspace_id: workspace, notebook, address, reason, subject, message, since })
        .onConflict((conflict) =>
          conflict.columns(["workspace_id", "notebook", "address"]).doUpdateSet({ reason, subject, message, since }),
        )
        .execute();
    },

    async list(notebook) {
      const rows = await db
        .selectFrom("waits")
        .select(["notebook", "address", "reason", "subject", "message", "since"])
        .where("workspace_id", "=", workspace)
        .where("notebook", "=", notebook)
        .orderBy("since")
        .orderBy("address")
        .execute();
      return rows.map((row) => ({ ...row, since: Number(row.since) }));
    },

    async remove(notebook, address) {
      await db
        .deleteFrom("waits")
        .where("workspace_id", "=", workspace)
        .where("notebook", "=", notebook)
        .where("address", "=", address)
        .execute();
    },
  };
}
