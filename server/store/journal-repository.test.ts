import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Kysely, sql } from "kysely";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { createJournalRepository, type JournalRepository } from "./journal-repository.ts";
import { noBodies } from "./journal-rows.ts";
import { journalMigrations, type JournalSchema } from "./journal-schema.ts";
import { endOf, intentOf } from "./journal.conformance.ts";
import { openJournal } from "./open-journal.ts";
import { migrate } from "./migrate.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";

async function openRepository(file: string, statements: string[] = []) {
  const db = new Kysely<JournalSchema>({
    dialect: sqliteDialect({ file, synchronous: "normal" }),
    log: ({ query }) => void statements.push(query.sql),
  });
  await migrate(db, "journal", journalMigrations("sqlite"));
  return { db, repository: createJournalRepository(db, "local") };
}

/** Takes back the migrations from one on, by what undoes them. */
async function asBefore(db: Kysely<JournalSchema>, name: string, undoing: readonly string[]): Promise<void> {
  for (const statement of undoing) await sql.raw(statement).execute(db);
  await sql`delete from journal_migrations where name >= ${name}`.execute(db);
}

async function record(repository: JournalRepository, key: string): Promise<void> {
  const [id] = await repository.write([{ type: "begin", intent: intentOf({ key }) }]);
  await repository.write([{ type: "finish", id: id as number, end: endOf() }]);
}

test("a call whose bodies retention has removed is no answer any more, but stays in the ledger", async () => {
  await using folder = await temporaryFolder();
  const { db, repository } = await openRepository(join(folder.path, "journal.sqlite"));
  await record(repository, "old");
  await db.updateTable("calls").set({ request: null, answer: null }).execute();
  expect((await repository.find(["old"])).size).toBe(0);
  expect(await repository.list({ limit: 10 })).toMatchObject([
    { key: "old", request: null, end: { state: "done", text: null, cost: 0.25, usage: { input: 12, output: 3 } } },
  ]);
  expect(await repository.usageSince(0)).toMatchObject({ calls: 1, cost: 0.25 });
  await db.destroy();
});

test("a journal of before responses were kept opens, and its calls are as they were", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "journal.sqlite");
  const db = new Kysely<JournalSchema>({ dialect: sqliteDialect({ file, synchronous: "normal" }) });
  const { "0001-calls": first, "0002-attempts": second } = journalMigrations("sqlite");
  await migrate(db, "journal", { "0001-calls": first!, "0002-attempts": second! });
  const call = { workspace_id: "local", call_key: "old", run_id: "r", notebook: "n.md", address: "a", step: 0 };
  const end = {
    state: "done",
    ended_at: 3,
    cost: 0.5,
    price: '{"source":"test"}',
    request: "{}",
    answer: '"yes"',
  } as const;
  await db
    .insertInto("calls")
    .values({ ...call, model: "echo/echo", sent_at: 1, ...end })
    .execute();
  await db.destroy();
  const { db: again, repository } = await openRepository(file);
  expect((await repository.find(["old"])).get("old")).toMatchObject({ text: "yes", cost: 0.5 });
  expect((await repository.list({ limit: 1 }))[0]!.end).not.toHaveProperty("response");
  expect((await repository.ledger({ after: 0, limit: 1 }))[0]).toMatchObject({
    ...{ provider: "echo", keyNumber: null, keyHash: null },
  });
  await again.destroy();
});

test("in a journal of before retention looked at a call again, what came too late to be removed goes too", async () => {
  await using folder = await temporaryFolder();
  const { db, repository } = await openRepository(join(folder.path, "journal.sqlite"));
  for (const key of ["removed", "late", "open", "after"]) await record(repository, key);
  await db.updateTable("calls").set(noBodies).where("call_key", "in", ["removed", "open"]).execute();
  await db.updateTable("calls").set({ state: null }).where("call_key", "=", "open").execute();
  await db.insertInto("retention").values({ workspace_id: "local", days: 1, through: 3 }).execute();
  await asBefore(db, "0008", [
    "drop table retention_open",
    "alter table calls drop column key_hash",
    "alter table calls drop column expected",
    "drop index calls_kept_until",
    "alter table calls drop column kept_until",
    "drop index calls_kept_from",
    "alter table calls drop column kept_from",
    "alter table calls drop column hour_cache_write_tokens",
  ]);
  await db.destroy();
  const journal = await openJournal({ folder: folder.path, workspace: "local" });
  expect([await journal.bodies.removeBefore(1_000, 9), await journal.bodies.removeBefore(1_001, 1)]).toEqual([0, 1]);
  await journal.finish(3, endOf());
  expect(await journal.bodies.removeBefore(1_001, 9)).toBe(2);
  expect((await journal.list({ limit: 9 })).map(({ end }) => end!.text)).toEqual([null, null, null, null]);
  await journal.close();
});

test("a write that the database refuses takes the others of its transaction with it", async () => {
  await using folder = await temporaryFolder();
  const { db, repository } = await openRepository(join(folder.path, "journal.sqlite"));
  const broken = { ...intentOf(), model: null as unknown as string };
  const writes = [intentOf(), broken].map((intent) => ({ type: "begin" as const, intent }));
  await expect(repository.write(writes)).rejects.toThrow("NOT NULL");
  expect(await repository.list({ limit: 10 })).toEqual([]);
  await db.destroy();
});

test("no lookup reads the whole journal: each goes through an index", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "journal.sqlite");
  const statements: string[] = [];
  const { db, repository } = await openRepository(file, statements);
  statements.length = 0;
  await repository.find(["a", "b"]);
  await repository.list({ run: "run-1", limit: 10 });
  await repository.list({ key: "a", limit: 10 });
  await repository.usageSince(1);
  await db.destroy();
  const database = new DatabaseSync(file);
  const plans = statements.map((statement) =>
    database
      .prepare(`explain query plan ${statement}`)
      .all()
      .map(({ detail }) => String(detail)),
  );
  database.close();
  expect(plans.flat().filter((step) => step.startsWith("SCAN"))).toEqual([]);
  expect(plans.map((plan) => plan.find((step) => step.includes("INDEX")))).toEqual([
    expect.stringContaining("calls_by_key (workspace_id=? AND call_key=?"),
    expect.stringContaining("calls_by_run (workspace_id=? AND run_id=?"),
    expect.stringContaining("calls_by_key (workspace_id=? AND call_key=?"),
    expect.stringContaining("calls_by_time (workspace_id=? AND sent_at>?"),
  ]);
});

test("what retention removes is no longer in the file, and a large file that is mostly free becomes small", async () => {
  await using folder = await temporaryFolder();
  const journal = await openJournal({ folder: folder.path, workspace: "local" });
  const file = join(folder.path, "journal.sqlite");
  const secret = "the-secret-of-the-request ".repeat(40_000);
  for (let number = 0; number < 80; number += 1) {
    const id = await journal.begin(intentOf({ key: `k-${number}`, request: { text: secret } }));
    await journal.finish(id, endOf());
  }
  const before = (await stat(file)).size;
  expect(await journal.bodies.removeBefore(2_000, 50)).toBe(50);
  expect(await journal.bodies.removeBefore(2_000, 50)).toBe(30);
  const contents = async () => Buffer.concat([await readFile(file), await readFile(`${file}-wal`)]);
  expect((await contents()).includes("the-secret-of-the-request")).toBe(false);
  await journal.bodies.compact();
  await journal.close();
  expect(before).toBeGreaterThan(80_000_000);
  expect((await stat(file)).size).toBeLessThan(1_000_000);
});
