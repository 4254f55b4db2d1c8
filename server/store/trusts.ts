import type { Kysely } from "kysely";
import type { StateSchema } from "./state-schema.ts";
import type { Trusts } from "./store.ts";

/** Which notebooks of one workspace are trusted. */
export function createTrusts(db: Kysely<StateSchema>, workspace: string): Trusts {
  const put = async (
    notebook: string,
    text_hash: string,
    seen_at: number,
    trusted_at: number | null,
  ): Promise<void> => {
    await db
      .insertInto("trusts")
      .values({ workspace_id: workspace, notebook, text_hash, seen_at, trusted_at })
      .onConflict((conflict) => conflict.columns(["workspace_id", "notebook"]).doUpdateSet({ text_hash, trusted_at }))
      .execute();
  };

  return {
    async meet(notebook, textHash, at) {
      const known = await db
        .selectFrom("trusts")
        .select("trusted_at")
        .where("workspace_id", "=", workspace)
        .where("notebook", "=", notebook)
        .executeTakeFirst();
      if (known !== undefined) return known.trusted_at !== null;
      const same = await db
        .selectFrom("trusts")
        .select("notebook")
        .where("workspace_id", "=", workspace)
        .where("text_hash", "=", textHash)
        .where("trusted_at", "is not", null)
        .limit(1)
        .executeTakeFirst();
      const trusted = same !== undefined;
      await put(notebook, textHash, at, trusted ? at : null);
      return trusted;
    },

    trust: (notebook, textHash, at) => put(notebook, textHash, at, at),

    async forget(notebook) {
      await db.deleteFrom("trusts").where("workspace_id", "=", workspace).where("notebook", "=", notebook).execute();
    },
  };
}
