import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { migrate } from "./migrate.ts";
import { openStore } from "./open-store.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { stateMigrations, type StateSchema } from "./state-schema.ts";

const workspace = "local";

describe("the state's file", () => {
  test("keeps what was given from one opening to the next, in write-ahead mode", async () => {
    await using folder = await temporaryFolder();
    const first = await openStore({ folder: folder.path, workspace });
    await first.consents.give("local/gemma-3-270m", "Terms", 1);
    await first.close();
    const second = await openStore({ folder: folder.path, workspace });
    expect(await second.consents.has("local/gemma-3-270m")).toBe(true);
    await second.close();
    const database = new DatabaseSync(join(folder.path, "state.sqlite"));
    expect(database.prepare("pragma journal_mode").get()).toEqual({ journal_mode: "wal" });
    database.close();
  });

  test("is begun once, whoever opens it at the same time", async () => {
    await using folder = await temporaryFolder();
    const stores = await Promise.all([1, 2, 3].map(() => openStore({ folder: folder.path, workspace })));
    await Promise.all(stores.map(({ consents }, index) => consents.give(`subject-${index}`, "", index)));
    expect(await stores[0]!.consents.list()).toHaveLength(3);
    for (const store of stores) await store.close();
  });

  test("that cannot be opened is an error that says what to do", async () => {
    await using folder = await temporaryFolder();
    await expect(openStore({ folder: join(folder.path, "none"), workspace })).rejects.toMatchObject({
      code: "store.unwritable",
    });
    await writeFile(join(folder.path, "state.sqlite"), "rubbish ".repeat(1_000));
    await expect(openStore({ folder: folder.path, workspace })).rejects.toMatchObject({
      code: "store.corrupt",
      cure: expect.stringContaining("backup"),
    });
  });

  test("of an older version is brought up to date, and its runs have no clock and no seed", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "state.sqlite");
    const db = new Kysely<StateSchema>({ dialect: sqliteDialect({ file, synchronous: "normal" }) });
    const [[name, first]] = Object.entries(stateMigrations("sqlite")) as [[string, Migration]];
    await migrate(db, "state", { [name]: first });
    await sql`insert into runs (workspace_id, run_id, notebook, text, versions, scope, inputs, started_at)
      values (${workspace}, 'one', 'a.md', '', '{}', '{}', '{}', 5)`.execute(db);
    await db.destroy();
    const store = await openStore({ folder: folder.path, workspace });
    expect(await store.runs.get("one")).toMatchObject({ startedAt: 5, clock: null, seed: null, end: null });
    await store.close();
  });

  test("of a version that counted no unpriced calls says of its runs that they had none, or that nobody knows", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "state.sqlite");
    const db = new Kysely<StateSchema>({ dialect: sqliteDialect({ file, synchronous: "normal" }) });
    const known = Object.entries(stateMigrations("sqlite")).filter(([name]) => name < "0008");
    await migrate(db, "state", Object.fromEntries(known));
    for (const [run, cost] of [
      ["priced", 0.5],
      ["unpriced", null],
    ] as const)
      await sql`insert into runs (workspace_id, run_id, notebook, text, versions, scope, inputs, started_at, outcome, ended_at, cost, calls_made, calls_cached)
        values (${workspace}, ${run}, 'a.md', '', '{}', '{}', '{}', 5, 'done', 6, ${cost}, 2, 0)`.execute(db);
    await db.destroy();
    const store = await openStore({ folder: folder.path, workspace });
    expect((await store.runs.get("priced"))!.end).toMatchObject({ cost: 0.5, unpriced: 0 });
    expect((await store.runs.get("unpriced"))!.end).toMatchObject({ cost: null, unpriced: null });
    await store.close();
  });

  test("of a newer version is an error", async () => {
    await using folder = await temporaryFolder();
    await (await openStore({ folder: folder.path, workspace })).close();
    const database = new DatabaseSync(join(folder.path, "state.sqlite"));
    database.exec("insert into state_migrations values ('9999-from-the-future', '2030-01-01T00:00:00.000Z')");
    database.close();
    await expect(openStore({ folder: folder.path, workspace })).rejects.toMatchObject({ code: "store.newer" });
  });
});
