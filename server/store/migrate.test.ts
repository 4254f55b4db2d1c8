import { join } from "node:path";
import { Kysely } from "kysely";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { migrate, type Migrations } from "./migrate.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";

interface Schema {
  items: { name: string };
}

const first: Migrations = {
  "0001-items": { up: async (db) => db.schema.createTable("items").addColumn("name", "text").execute() },
};
const failing: Migrations = {
  ...first,
  "0002-broken": {
    async up(db) {
      await db.schema.alterTable("items").addColumn("half", "text").execute();
      throw new Error("the second half is missing");
    },
  },
};

describe("a schema", () => {
  const openDatabase = (folder: string) =>
    new Kysely<Schema>({ dialect: sqliteDialect({ file: join(folder, "a.sqlite"), synchronous: "normal" }) });

  test("is brought up to date, and then left alone", async () => {
    await using folder = await temporaryFolder();
    await using db = openDatabase(folder.path);
    await migrate(db, "part", first);
    await db.insertInto("items").values({ name: "kept" }).execute();
    await migrate(db, "part", first);
    expect(await db.selectFrom("items").selectAll().execute()).toEqual([{ name: "kept" }]);
  });

  test("is changed whole or not at all: a migration that fails leaves nothing behind", async () => {
    await using folder = await temporaryFolder();
    await using db = openDatabase(folder.path);
    await migrate(db, "part", first);
    await db.insertInto("items").values({ name: "kept" }).execute();
    await expect(migrate(db, "part", failing)).rejects.toThrow("the second half is missing");
    expect(await db.selectFrom("items").selectAll().execute()).toEqual([{ name: "kept" }]);
    await migrate(db, "part", first);
  });

  test("of one part does not know of another's in the same database", async () => {
    await using folder = await temporaryFolder();
    await using db = openDatabase(folder.path);
    await migrate(db, "part", first);
    await migrate(db, "other", {
      "0001-others": { up: async (db) => db.schema.createTable("others").addColumn("name", "text").execute() },
    });
    await migrate(db, "part", first);
  });

  test("that a newer program has migrated is refused by name", async () => {
    await using folder = await temporaryFolder();
    await using db = openDatabase(folder.path);
    await migrate(db, "part", {
      ...first,
      "0002-later": { up: async (db) => db.schema.alterTable("items").addColumn("more", "text").execute() },
    });
    await expect(migrate(db, "part", first)).rejects.toMatchObject({
      code: "store.newer",
      message: expect.stringContaining("0002-later"),
    });
  });
});
