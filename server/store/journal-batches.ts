import type { Kysely } from "kysely";
import type { Datum } from "#server/notebook/value.ts";
import type { BatchedCall, JournalBatch, JournalBatches } from "./journal.ts";
import type { JournalSchema } from "./journal-schema.ts";
import { fromJsonText, toJsonText } from "./json-text.ts";

/** The batches of one workspace, on every database. */
export function createJournalBatches(db: Kysely<JournalSchema>, workspace: string): JournalBatches {
  const change = async (id: number, set: { batch?: string; ended?: number; calls?: null }): Promise<void> => {
    await db.updateTable("batches").set(set).where("workspace_id", "=", workspace).where("id", "=", id).execute();
  };
  return {
    async add({ subject, model, notebook, run, sentAt, calls, rows, reserved }) {
      const text = toJsonText(calls as unknown as Datum);
      const row = { workspace_id: workspace, subject, batch: null, model, notebook, run_id: run, sent_at: sentAt };
      const { id } = await db
        .insertInto("batches")
        .values({ ...row, ended: 0, calls: text, rows: toJsonText(rows), reserved })
        .returning("id")
        .executeTakeFirstOrThrow();
      return Number(id);
    },
    submitted: (id, batch) => change(id, { batch }),
    ended: (id) => change(id, { ended: 1, calls: null }),
    async open(subject) {
      const open = db.selectFrom("batches").selectAll().where("workspace_id", "=", workspace).where("ended", "=", 0);
      const rows = await (subject === undefined ? open : open.where("subject", "=", subject)).orderBy("id").execute();
      return rows.map((row) => ({
        id: Number(row.id),
        subject: row.subject,
        batch: row.batch,
        model: row.model,
        notebook: row.notebook,
        run: row.run_id,
        sentAt: Number(row.sent_at),
        reserved: row.reserved,
        calls: fromJsonText<readonly BatchedCall[]>(row.calls!),
        rows: fromJsonText<JournalBatch["rows"]>(row.rows),
      }));
    },
    async move(notebook, to) {
      const moved = await db
        .updateTable("batches")
        .set({ notebook: to })
        .where("workspace_id", "=", workspace)
        .where("ended", "=", 0)
        .where("notebook", "=", notebook)
        .returning("sent_at")
        .execute();
      return moved.length === 0 ? null : Math.min(...moved.map(({ sent_at }) => Number(sent_at)));
    },
    async written({ run, sentAt }) {
      const rows = await db
        .selectFrom("calls")
        .select(["id", "call_key", "state"])
        .where("workspace_id", "=", workspace)
        .where("run_id", "=", run)
        .where("sent_at", "=", sentAt)
        .execute();
      return rows.map(({ id, call_key: key, state }) => ({ id: Number(id), key, ended: state !== null }));
    },
  };
}
