import type { Kysely } from "kysely";
import type { StateSchema } from "./state-schema.ts";
import type { Consents } from "./store.ts";

/** What was agreed to in one workspace. Every agreement is kept with its text, none is replaced. */
export function createConsents(db: Kysely<StateSchema>, workspace: string): Consents {
  return {
    async has(subject) {
      const row = await db
        .selectFrom("consents")
        .select("id")
        .where("workspace_id", "=", workspace)
        .where("subject", "=", subject)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    async give(subject, text, at) {
      await db.insertInto("consents").values({ workspace_id: workspace, subject, text, given_at: at }).execute();
    },

    async list() {
      const rows = await db
        .selectFrom("consents")
        .select(["subject", "text", "given_at"])
        .where("workspace_id", "=", workspace)
        .orderBy("id")
        .execute();
      return rows.map((row) => ({ subject: row.subject, text: row.text, at: Number(row.given_at) }));
    },
  };
}
