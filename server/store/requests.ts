import type { Kysely, Selectable, Transaction } from "kysely";
import { groupCommit } from "./group-commit.ts";
import { preparedQuery } from "./prepared-query.ts";
import type { StateSchema } from "./state-schema.ts";
import type { RequestKey, RequestRecord, Requests } from "./store.ts";

interface Write {
  readonly request: RequestRecord;
  readonly once: RequestKey | null;
}

type Holder = { readonly id: string; readonly body: string };

/** The requests of one workspace. Those that come together are written in one transaction. `settled` resolves when all are. */
export function createRequests(db: Kysely<StateSchema>, workspace: string): Requests & { settled(): Promise<void> } {
  const putting = preparedQuery((row: ReturnType<typeof toRow>) => {
    const { workspace_id: _, run_id: __, ...changing } = row;
    return db
      .insertInto("requests")
      .values(row)
      .onConflict((conflict) =>
        conflict
          .columns(["workspace_id", "run_id"])
          .doUpdateSet((update) =>
            Object.fromEntries(Object.keys(changing).map((name) => [name, update.ref(`excluded.${name}` as never)])),
          )
          .where("requests.status", "in", ["running", "waiting"]),
      );
  });

  /** Takes the key for a request; gives who has it where another does. */
  async function takeKey(
    transaction: Transaction<StateSchema>,
    { id, slug, startedAt }: RequestRecord,
    { key, body, since }: RequestKey,
  ): Promise<Holder | null> {
    await transaction
      .deleteFrom("request_keys")
      .where("workspace_id", "=", workspace)
      .where("slug", "=", slug)
      .where("request_key", "=", key)
      .where("given_at", "<", since)
      .execute();
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto("request_keys")
      .values({ workspace_id: workspace, slug, request_key: key, body, run_id: id, given_at: startedAt })
      .onConflict((conflict) => conflict.columns(["workspace_id", "slug", "request_key"]).doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 1n) return null;
    const holder = await transaction
      .selectFrom("request_keys")
      .select(["run_id", "body"])
      .where("workspace_id", "=", workspace)
      .where("slug", "=", slug)
      .where("request_key", "=", key)
      .executeTakeFirstOrThrow();
    return { id: holder.run_id, body: holder.body };
  }

  const commits = groupCommit<Write, Holder | null>((writes) =>
    db.transaction().execute(async (transaction) => {
      const outcomes: (Holder | null)[] = [];
      for (const { request, once } of writes) {
        const holder = once === null ? null : await takeKey(transaction, request, once);
        if (holder === null) await transaction.executeQuery(putting(toRow(workspace, request)));
        outcomes.push(holder);
      }
      return outcomes;
    }),
  );

  return {
    begin: (request, once) => commits.write({ request, once: once ?? null }),

    async put(request) {
      await commits.write({ request, once: null });
    },

    async get(id) {
      const row = await db
        .selectFrom("requests")
        .selectAll()
        .where("workspace_id", "=", workspace)
        .where("run_id", "=", id)
        .executeTakeFirst();
      return row === undefined ? null : toRequest(row);
    },

    async open() {
      const rows = await db
        .selectFrom("requests")
        .selectAll()
        .where("workspace_id", "=", workspace)
        .where("status", "in", ["running", "waiting"])
        .orderBy("started_at")
        .orderBy("run_id")
        .execute();
      return rows.map(toRequest);
    },

    async list(slug, limit) {
      const rows = await db
        .selectFrom("requests")
        .selectAll()
        .where("workspace_id", "=", workspace)
        .where("slug", "=", slug)
        .orderBy("started_at", "desc")
        .orderBy("run_id", "desc")
        .limit(limit)
        .execute();
      return rows.map(toRequest);
    },

    async release(id) {
      await db.deleteFrom("request_keys").where("workspace_id", "=", workspace).where("run_id", "=", id).execute();
    },

    settled: () => commits.settled(),
  };
}

function toRow(workspace: string, request: RequestRecord) {
  return {
    workspace_id: workspace,
    run_id: request.id,
    slug: request.slug,
    version: request.version,
    mode: request.mode,
    status: request.status,
    inputs: request.inputs,
    answer: request.answer,
    results: request.results,
    errors: request.errors,
    started_at: request.startedAt,
    ended_at: request.endedAt,
    cost: request.cost,
    calls_made: request.callsMade,
    calls_cached: request.callsCached,
  };
}

function toRequest(row: Selectable<StateSchema["requests"]>): RequestRecord {
  return {
    id: row.run_id,
    slug: row.slug,
    version: row.version,
    mode: row.mode,
    status: row.status,
    inputs: row.inputs,
    answer: row.answer,
    results: row.results,
    errors: row.errors,
    startedAt: Number(row.started_at),
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
    cost: row.cost,
    callsMade: Number(row.calls_made),
    callsCached: Number(row.calls_cached),
  };
}
