import type { Kysely } from "kysely";
import type { JournalBodies } from "./journal.ts";
import { noBodies } from "./journal-rows.ts";
import type { JournalSchema } from "./journal-schema.ts";

/** The bodies of one workspace's calls, on every database. Which were removed is known by their ids: they grow as time does. */
export function createJournalBodies(db: Kysely<JournalSchema>, workspace: string): JournalBodies {
  const retention = async (on = db): Promise<{ readonly days: number | null; readonly through: number }> => {
    const row = await on
      .selectFrom("retention")
      .select(["days", "through"])
      .where("workspace_id", "=", workspace)
      .executeTakeFirst();
    return { days: row?.days ?? null, through: Number(row?.through ?? 0) };
  };
  const set = (on: Kysely<JournalSchema>, change: { days?: number | null; through?: number }) =>
    on
      .insertInto("retention")
      .values({ workspace_id: workspace, days: null, through: 0, ...change })
      .onConflict((conflict) => conflict.column("workspace_id").doUpdateSet(change))
      .execute();

  return {
    days: async () => (await retention()).days,
    async keepFor(days) {
      await set(db, { days });
    },
    async countBefore(time) {
      const { through } = await retention();
      const { calls } = await db
        .selectFrom("calls")
        .select((calls) => calls.fn.countAll<number>().as("calls"))
        .where("workspace_id", "=", workspace)
        .where("sent_at", "<", time)
        .where("id", ">", through)
        .executeTakeFirstOrThrow();
      return Number(calls);
    },
    removeBefore: (time, limit) =>
      db.transaction().execute(async (transaction) => {
        const { through } = await retention(transaction);
        const next = await transaction
          .selectFrom("calls")
          .select(["id", "sent_at"])
          .where("workspace_id", "=", workspace)
          .where("id", ">", through)
          .orderBy("id")
          .limit(limit)
          .execute();
        const young = next.findIndex((call) => Number(call.sent_at) >= time);
        const old = young === -1 ? next : next.slice(0, young);
        if (old.length === 0) return 0;
        const last = Number(old.at(-1)!.id);
        await transaction
          .updateTable("calls")
          .set(noBodies)
          .where("workspace_id", "=", workspace)
          .where("id", ">", through)
          .where("id", "<=", last)
          .execute();
        await set(transaction, { through: last });
        return old.length;
      }),
    async compact() {},
  };
}
