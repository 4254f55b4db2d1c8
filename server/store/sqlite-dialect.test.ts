import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { Kysely, sql } from "kysely";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { createJournal } from "./create-journal.ts";
import { createJournalBatches } from "./journal-batches.ts";
import { createJournalBodies } from "./journal-bodies.ts";
import { createJournalRepository } from "./journal-repository.ts";
import { endOf, intentOf } from "./journal.conformance.ts";
import { journalMigrations, type JournalSchema } from "./journal-schema.ts";
import { migrate } from "./migrate.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";

interface Schema {
  items: { name: string };
}

const openItems = async (file: string, busyTimeout = 50): Promise<Kysely<Schema>> => {
  const db = new Kysely<Schema>({ dialect: sqliteDialect({ file, synchronous: "normal", busyTimeout }) });
  await db.schema.createTable("items").ifNotExists().addColumn("name", "text").execute();
  return db;
};

describe("SQLite", () => {
  test("has all of a transaction or nothing, and goes on after one that failed", async () => {
    await using folder = await temporaryFolder();
    await using db = await openItems(join(folder.path, "a.sqlite"));
    const failing = db.transaction().execute(async (transaction) => {
      await transaction.insertInto("items").values({ name: "lost" }).execute();
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    await db.insertInto("items").values({ name: "kept" }).execute();
    expect(await db.selectFrom("items").selectAll().execute()).toEqual([{ name: "kept" }]);
  });

  test("takes the write lock when a transaction begins: another waits, and is told who keeps it waiting", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "a.sqlite");
    await using one = await openItems(file);
    await using two = await openItems(file);
    await one.transaction().execute(async (transaction) => {
      await transaction.selectFrom("items").selectAll().execute();
      await expect(two.insertInto("items").values({ name: "b" }).execute()).rejects.toMatchObject({
        code: "store.busy",
        message: expect.stringContaining(file),
        cure: expect.stringContaining("other process"),
      });
      // Reading is never kept waiting.
      expect(await two.selectFrom("items").selectAll().execute()).toEqual([]);
    });
    await two.insertInto("items").values({ name: "b" }).execute();
  });

  test("leaves an error of a statement as it is", async () => {
    await using folder = await temporaryFolder();
    await using db = await openItems(join(folder.path, "a.sqlite"));
    await expect(sql`select * from nowhere`.execute(db)).rejects.toMatchObject({ code: "ERR_SQLITE_ERROR" });
  });

  test("runs more statements than it keeps compiled", async () => {
    await using folder = await temporaryFolder();
    await using db = await openItems(join(folder.path, "a.sqlite"));
    for (let round = 0; round < 2; round += 1)
      for (let number = 0; number < 150; number += 1) {
        const { rows } = await sql<{ n: number }>`select ${sql.lit(number)} as n`.execute(db);
        expect(rows).toEqual([{ n: number }]);
      }
  });

  test("folds its log into the file once nothing has been asked for a while, where that is asked for", async () => {
    await using folder = await temporaryFolder();
    for (const foldsWhenIdle of [true, false]) {
      const file = join(folder.path, `${foldsWhenIdle}.sqlite`);
      await using db = new Kysely<Schema>({ dialect: sqliteDialect({ file, synchronous: "full", foldsWhenIdle }) });
      const has = async (text: string): Promise<boolean> => (await readFile(file)).includes(text);
      await db.schema.createTable("items").addColumn("name", "text").execute();
      await db.insertInto("items").values({ name: "first of all" }).execute();
      if (foldsWhenIdle) await expect.poll(() => has("first of all")).toBe(true);
      await db.insertInto("items").values({ name: "one more" }).execute();
      if (foldsWhenIdle) await expect.poll(() => has("one more")).toBe(true);
      else await delay(400);
      expect(await has("first of all")).toBe(foldsWhenIdle);
    }
  });

  test("says that a file has been damaged since it was opened", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "a.sqlite");
    const db = await openItems(file);
    await sql`insert into items select hex(randomblob(2000)) from json_each(${JSON.stringify(Array(200).fill(0))})`.execute(
      db,
    );
    await db.destroy();
    await writeFile(file, Buffer.alloc(300_000, 0x5a), { flag: "r+", flush: true });
    await expect(openItems(file)).rejects.toMatchObject({ code: "store.corrupt" });
  });
});

test("a full disk fails the calls that did not fit, keeps those before, and is over when there is room", async () => {
  await using folder = await temporaryFolder();
  const db = new Kysely<JournalSchema>({
    dialect: sqliteDialect({ file: join(folder.path, "journal.sqlite"), synchronous: "full" }),
  });
  await migrate(db, "journal", journalMigrations("sqlite"));
  const parts = { bodies: createJournalBodies(db, "local"), batches: createJournalBatches(db, "local") };
  const journal = createJournal(createJournalRepository(db, "local"), parts, () => db.destroy());
  const kept = await journal.begin(intentOf({ key: "kept" }));
  // SQLite's own bound on a file's pages fails a write as a full disk does.
  await sql`pragma max_page_count = 40`.execute(db);
  const long = "x".repeat(400_000);
  await expect(journal.finish(kept, endOf({ text: long }))).rejects.toMatchObject({
    code: "store.full",
    cure: expect.stringContaining("Make room"),
  });
  await journal.finish(kept, endOf({ text: "short" }));
  await sql`pragma max_page_count = 100000`.execute(db);
  const later = await journal.begin(intentOf({ key: "later" }));
  await journal.finish(later, endOf({ text: long }));
  const found = await journal.find(["kept", "later"]);
  expect([found.get("kept")!.text, found.get("later")!.text.length]).toEqual(["short", 400_000]);
  await journal.close();
  // The file itself says so too.
  const database = new DatabaseSync(join(folder.path, "journal.sqlite"));
  expect(database.prepare("pragma integrity_check").get()).toEqual({ integrity_check: "ok" });
  database.close();
});
