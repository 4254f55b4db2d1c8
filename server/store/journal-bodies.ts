import type { Kysely, Selectable } from "kysely";
import { insertRows } from "./insert-rows.ts";
import type { JournalBodies } from "./journal.ts";
import { noBodies } from "./journal-rows.ts";
import type { JournalSchema } from "./journal-schema.ts";

/** Milliseconds after which a call without an end is taken for one whose process died: no answer takes a day. */
const mostInFlight = 24 * 60 * 60_000;

/** The bodies of one workspace's calls, on every database. Which were removed is known by their ids: they grow as time does. Those that had not ended are noted, and removed when they have. */
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

  const endedSince = (time: number, on = db) =>
    on
      .selectFrom("retention_open")
      .innerJoin("calls", "calls.id", "retention_open.call_id")
      .where("retention_open.workspace_id", "=", workspace)
      .where("calls.state", "is not", null)
      .where((call) => call.fn.coalesce("calls.kept_from", "calls.sent_at"), "<", time);

  return {
    days: async () => (await retention()).days,
    async keepFor(days) {
      await set(db, { days });
    },
    async countBefore(time) {
      const { through } = await retention();
      const count = db.fn.countAll<number>().as("calls");
      const late = await endedSince(time).select(count).executeTakeFirstOrThrow();
      const sent = db
        .selectFrom("calls")
        .select(count)
        .where("workspace_id", "=", workspace)
        .where("sent_at", "<", time)
        .where("id", ">", through);
      const { calls } = await sent.executeTakeFirstOrThrow();
      const young = await sent.where("kept_from", ">=", time).executeTakeFirstOrThrow();
      return Number(late.calls) + Number(calls) - Number(young.calls);
    },
    removeBefore: (time, limit) =>
      db.transaction().execute(async (transaction) => {
        const { through } = await retention(transaction);
        const remove = transaction.updateTable("calls").set(noBodies).where("workspace_id", "=", workspace);
        const late = await endedSince(time, transaction).select("calls.id").limit(limit).execute();
        if (late.length > 0) {
          const ids = late.map(({ id }) => id);
          await remove.where("id", "in", ids).execute();
          await transaction.deleteFrom("retention_open").where("call_id", "in", ids).execute();
        }
        const next = await transaction
          .selectFrom("calls")
          .select(["id", "sent_at", "kept_from", "state"])
          .where("workspace_id", "=", workspace)
          .where("id", ">", through)
          .orderBy("id")
          .limit(limit - late.length)
          .execute();
        const young = next.findIndex((call) => Number(call.kept_from ?? call.sent_at) >= time);
        const old = young === -1 ? next : next.slice(0, young);
        if (old.length > 0) {
          const last = Number(old.at(-1)!.id);
          await remove.where("id", ">", through).where("id", "<=", last).execute();
          const open = old.filter(({ state }) => state === null);
          const rows = open.map(({ id }) => ({ call_id: id, workspace_id: workspace }));
          await insertRows(transaction, rows, (some) => transaction.insertInto("retention_open").values([...some]));
          await set(transaction, { through: last });
        }
        return late.length + old.length;
      }),
    removeOutlived: (time, limit) =>
      db.transaction().execute(async (transaction) => {
        const outlived = await transaction
          .selectFrom("calls")
          .select(["id", "state"])
          .where("workspace_id", "=", workspace)
          .where("kept_until", "<=", time)
          .where((call) =>
            call.or([
              call("state", "is not", null),
              call.and([call("kept_until", "<=", time - mostInFlight), call("request", "is not", null)]),
            ]),
          )
          // A collection that a process broke off goes on with what the journal has by then.
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom("batches")
                  .select("batches.id")
                  .whereRef("batches.workspace_id", "=", "calls.workspace_id")
                  .whereRef("batches.run_id", "=", "calls.run_id")
                  .whereRef("batches.sent_at", "=", "calls.sent_at")
                  .where("batches.ended", "=", 0),
              ),
            ),
          )
          .limit(limit)
          .execute();
        const remove = async (isOpen: boolean, set: Partial<Selectable<JournalSchema["calls"]>>): Promise<void> => {
          const ids = outlived.filter(({ state }) => (state === null) === isOpen).map(({ id }) => id);
          if (ids.length > 0) await transaction.updateTable("calls").set(set).where("id", "in", ids).execute();
        };
        await remove(false, { ...noBodies, kept_until: null });
        // Its time stays with one that has no end, so that what that brings goes too.
        await remove(true, noBodies);
        return outlived.length;
      }),
    async compact() {},
  };
}
