import { sql, type ExpressionBuilder, type Kysely, type Transaction } from "kysely";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { insertRows } from "./insert-rows.ts";
import {
  importedRun,
  type CallEnd,
  type CallIntent,
  type CallSums,
  type FreeAnswers,
  type Journal,
  type JournalAnswer,
  type JournalSpending,
  type LedgerCall,
} from "./journal.ts";
import {
  answerColumns,
  bodilessColumns,
  endColumns,
  freeColumns,
  intentColumns,
  ledgerColumns,
  noBodies,
  toAnswer,
  toCall,
  toFree,
  placedColumns,
  toLedger,
  toPlaced,
} from "./journal-rows.ts";
import type { JournalSchema } from "./journal-schema.ts";
import { preparedQuery } from "./prepared-query.ts";

/** One of a journal's writes. */
export type JournalWrite =
  | { readonly type: "begin"; readonly intent: CallIntent }
  | { readonly type: "finish"; readonly id: number; readonly end: CallEnd }
  | { readonly type: "free"; readonly answers: readonly FreeAnswers[] };

/** The journal's SQL, the same for every database. */
export interface JournalRepository extends Pick<
  Journal,
  "find" | "answers" | "list" | "read" | "usageSince" | "ledger" | "endedOf" | "free"
> {
  /** What calls that ended are to budgets, and of each of the others the US dollars it was expected to cost; null where nobody knows. */
  spendingSince(
    time: number,
    notebook?: string,
  ): Promise<
    Omit<JournalSpending, "open"> & {
      readonly open: readonly { readonly id: number; readonly expected: number | null }[];
    }
  >;
  /**
   * Writes all of it in one transaction, in order, and gives each call's id, 0 for free answers. A write that cannot be (the end of a call that
   * has ended or never began) is refused alone, by an error in its place; an error of the database fails all of them.
   */
  write(writes: readonly JournalWrite[]): Promise<readonly (number | SheafError)[]>;
}

/** Keys or ids looked up by one statement: well under what a statement may have as parameters. */
const keysAtOnce = 500;

/** The repository of one workspace's calls. */
export function createJournalRepository(db: Kysely<JournalSchema>, workspace: string): JournalRepository {
  const inWorkspace = (calls: ExpressionBuilder<JournalSchema, "calls">) => calls("workspace_id", "=", workspace);

  /** What counts as this workspace's own money. */
  const inLedger = (calls: ExpressionBuilder<JournalSchema, "calls">) =>
    calls.and([inWorkspace(calls), calls("run_id", "!=", importedRun)]);

  const beginning = preparedQuery((row: ReturnType<typeof intentColumns>) =>
    db
      .insertInto("calls")
      .values({ workspace_id: workspace, ...row })
      .returning("id"),
  );
  const ending = preparedQuery(({ id, ...row }: ReturnType<typeof endColumns> & { id: number }) =>
    db.updateTable("calls").set(row).where(inWorkspace).where("id", "=", id).where("state", "is", null),
  );

  async function begin(db: Transaction<JournalSchema>, intent: CallIntent): Promise<number> {
    const { rows } = await db.executeQuery(beginning(intentColumns(intent)));
    return Number(rows[0]!.id);
  }

  async function finish(db: Transaction<JournalSchema>, id: number, end: CallEnd): Promise<number | SheafError> {
    const { numAffectedRows } = await db.executeQuery(ending({ id, ...endColumns(end) }));
    if (numAffectedRows === 1n) return id;
    return new SheafError("journal.not-open", `the journal has no open call ${id}: it has ended, or it never began`);
  }

  async function write(db: Transaction<JournalSchema>, write: JournalWrite): Promise<number | SheafError> {
    switch (write.type) {
      case "begin":
        return begin(db, write.intent);
      case "finish":
        return finish(db, write.id, write.end);
      case "free": {
        const rows = write.answers.map((answers) => ({ workspace_id: workspace, ...freeColumns(answers) }));
        await insertRows(db, rows, (some) => db.insertInto("free_answers").values([...some]));
        return 0;
      }
    }
  }

  return {
    write: (writes) =>
      db.transaction().execute(async (transaction) => {
        const outcomes: (number | SheafError)[] = [];
        for (const each of writes) outcomes.push(await write(transaction, each));
        return outcomes;
      }),

    async find(keys) {
      const found = new Map<string, JournalAnswer>();
      for (let from = 0; from < keys.length; from += keysAtOnce) {
        const newest = db
          .selectFrom("calls")
          .select((calls) => calls.fn.max("id").as("id"))
          .where(inWorkspace)
          .where("call_key", "in", keys.slice(from, from + keysAtOnce))
          .where("state", "=", "done")
          .where("answer", "is not", null)
          .groupBy("call_key");
        const rows = await db.selectFrom("calls").select(answerColumns).where("id", "in", newest).execute();
        for (const row of rows) found.set(row.call_key, toAnswer(row));
      }
      return found;
    },

    async answers({ after, limit, notebook }) {
      let newest = db
        .selectFrom("calls")
        .select((calls) => calls.fn.max("id").as("id"))
        .where(inWorkspace)
        .where("state", "=", "done")
        .where("answer", "is not", null)
        .groupBy("call_key");
      if (notebook !== undefined) newest = newest.where("notebook", "=", notebook);
      const rows = await db
        .selectFrom("calls")
        .select(placedColumns)
        .where("id", "in", newest)
        .where("id", ">", after)
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(toPlaced);
    },

    async list({ run, key, limit, bodies = true }) {
      let calls = db.selectFrom("calls").where(inWorkspace).orderBy("id", "desc").limit(limit);
      if (run !== undefined) calls = calls.where("run_id", "=", run);
      if (key !== undefined) calls = calls.where("call_key", "=", key);
      if (bodies) return (await calls.selectAll().execute()).map(toCall);
      return (await calls.select(bodilessColumns).execute()).map((row) => toCall({ ...row, ...noBodies }));
    },

    async read(id) {
      const row = await db.selectFrom("calls").selectAll().where(inWorkspace).where("id", "=", id).executeTakeFirst();
      return row === undefined ? null : toCall(row);
    },

    async ledger({ after, limit }) {
      const rows = await db
        .selectFrom("calls")
        .select(ledgerColumns)
        .where(inLedger)
        .where("id", ">", after)
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(toLedger);
    },

    async endedOf(ids) {
      const ended: LedgerCall[] = [];
      for (let from = 0; from < ids.length; from += keysAtOnce) {
        const some = db.selectFrom("calls").select(ledgerColumns).where(inLedger).where("state", "is not", null);
        const rows = await some.where("id", "in", ids.slice(from, from + keysAtOnce)).execute();
        ended.push(...rows.map(toLedger));
      }
      return ended;
    },

    async free({ after, limit }) {
      const rows = await db
        .selectFrom("free_answers")
        .selectAll()
        .where("workspace_id", "=", workspace)
        .where("id", ">", after)
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(toFree);
    },

    spendingSince: (time, notebook) =>
      db.transaction().execute(async (transaction) => {
        let calls = transaction.selectFrom("calls").where(inLedger).where("sent_at", ">=", time);
        let batches = transaction
          .selectFrom("batches")
          .where("workspace_id", "=", workspace)
          .where("ended", "=", 0)
          .where("sent_at", ">=", time);
        if (notebook !== undefined) {
          calls = calls.where("notebook", "=", notebook);
          batches = batches.where("notebook", "=", notebook);
        }
        const { cost, unpriced, expected, estimated, last } = await calls
          .select((calls) => [
            calls.fn.sum<number | null>("cost").as("cost"),
            // It stands behind the bodies, and is looked at where there is no cost alone.
            sql<number | null>`sum(case when state is not null and cost is null then expected end)`.as("expected"),
            sql<number>`count(case when state is not null and cost is null then expected end)`.as("estimated"),
            sql<number>`count(case when state is not null and cost is null then 1 end)`.as("unpriced"),
            calls.fn.max<number | null>("id").as("last"),
          ])
          .executeTakeFirstOrThrow();
        const open = await calls.select(["id", "expected"]).where("state", "is", null).execute();
        const reserved = await batches.select(["id", "reserved"]).execute();
        return {
          cost: Number(cost ?? 0),
          expected: Number(expected ?? 0),
          estimated: Number(estimated),
          unpriced: Number(unpriced) - Number(estimated),
          lastCall: Number(last ?? 0),
          open: open.map(({ id, expected }) => ({ id: Number(id), expected })),
          batches: reserved.map(({ id, reserved }) => ({ id: Number(id), reserved })),
        };
      }),

    async usageSince(time, notebook) {
      let calls = db.selectFrom("calls");
      if (notebook !== undefined) calls = calls.where("notebook", "=", notebook);
      const rows = await calls
        .select((calls) => [
          "model",
          calls.fn.countAll<number>().as("calls"),
          calls.fn.sum<number | null>("cost").as("cost"),
          calls.fn.count<number>("state").as("ended"),
          sql<number>`count(case when state is not null and cost is null then 1 end)`.as("unpriced"),
        ])
        .where(inLedger)
        .where("sent_at", ">=", time)
        .groupBy("model")
        .execute();
      const models = rows
        .map((row) => ({
          model: row.model,
          calls: Number(row.calls),
          cost: Number(row.cost ?? 0),
          unpriced: Number(row.unpriced),
          unanswered: Number(row.calls) - Number(row.ended),
        }))
        // By code unit: databases order text each in its own way.
        .sort((a, b) => (a.model < b.model ? -1 : 1));
      const sum = (field: keyof CallSums): number => models.reduce((total, model) => total + model[field], 0);
      return {
        calls: sum("calls"),
        cost: sum("cost"),
        unpriced: sum("unpriced"),
        unanswered: sum("unanswered"),
        models,
      };
    },
  };
}
