import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, test } from "vitest";
import type { Datum } from "#server/notebook/value.ts";
import { runProcess } from "../../tests/helpers/run-process.ts";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { describeJournal, endOf, intentOf } from "./journal.conformance.ts";
import { openJournal } from "./open-journal.ts";

describe("in a thread of its own", async () => {
  const shared = await temporaryFolder();
  afterAll(() => shared[Symbol.asyncDispose]());
  describeJournal((workspace) => openJournal({ folder: shared.path, workspace }));
});

const workspace = "local";
const writer = new URL("./__fixtures__/write-journal.ts", import.meta.url);
const written = (stdout: string): readonly string[] => Array.from(stdout.matchAll(/^wrote (.+)$/gm), ([, key]) => key!);

describe("a journal's file", () => {
  test.each(["full", "normal"])(
    "has every acknowledged call, and none twice, after kill -9 of its process: %s",
    async (synchronous) => {
      await using folder = await temporaryFolder();
      const acknowledged: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        await using child = runProcess(writer, { arguments: [folder.path, `round${round}`, "1000000", synchronous] });
        // Killed in the middle of its work, each time at another moment.
        await child.waitFor(new RegExp(`wrote round${round}-${100 + 150 * round}\n`));
        child.kill("SIGKILL");
        acknowledged.push(...written((await child.ended).stdout));
      }
      expect(acknowledged.length).toBeGreaterThan(500);
      const journal = await openJournal({ folder: folder.path, workspace });
      const calls = await journal.list({ limit: 1_000_000 });
      const found = await journal.find(acknowledged);
      await journal.close();
      expect(acknowledged.filter((key) => found.get(key)?.text !== key)).toEqual([]);
      expect(new Set(calls.map(({ key }) => key)).size).toBe(calls.length);
      // What is without an end was in flight: at most all the writers of each round.
      expect(calls.filter(({ end }) => end === null).length).toBeLessThanOrEqual(3 * 32);
    },
  );

  test("is shared by processes that begin it and write to it at the same time", async () => {
    await using folder = await temporaryFolder();
    await using one = runProcess(writer, { arguments: [folder.path, "one", "600"] });
    await using two = runProcess(writer, { arguments: [folder.path, "two", "600"] });
    const ends = await Promise.all([one.ended, two.ended]);
    expect(ends.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 0, stderr: "" },
      { code: 0, stderr: "" },
    ]);
    const journal = await openJournal({ folder: folder.path, workspace });
    const calls = await journal.list({ limit: 10_000 });
    await journal.close();
    expect(new Set(calls.map(({ id }) => id)).size).toBe(1_200);
    expect(calls.filter(({ key, end }) => end?.text === key).length).toBe(1_200);
  });

  test("does not keep its process from ending when nothing is being written", async () => {
    await using folder = await temporaryFolder();
    const script = join(folder.path, "script.ts");
    const opened = `await openJournal({ folder: ${JSON.stringify(folder.path)}, workspace: "local" })`;
    const module = new URL("./open-journal.ts", import.meta.url);
    await writeFile(script, `import { openJournal } from "${module}";\n${opened};\nconsole.log("open");\n`);
    await using child = runProcess(script, { deadline: 10_000 });
    expect(await child.ended).toMatchObject({ code: 0, stdout: "open\n" });
  });

  test("that cannot be written is an error that says where and what to do", async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "journal.sqlite"));
    await expect(openJournal({ folder: folder.path, workspace })).rejects.toMatchObject({
      code: "store.unwritable",
      message: expect.stringContaining(join(folder.path, "journal.sqlite")),
      cure: expect.stringContaining(folder.path),
    });
    await expect(openJournal({ folder: join(folder.path, "none"), workspace })).rejects.toMatchObject({
      code: "store.unwritable",
    });
  });

  test("that is damaged is an error, and stays as it is", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "journal.sqlite");
    const rubbish = "this is no database ".repeat(1_000);
    await writeFile(file, rubbish);
    await expect(openJournal({ folder: folder.path, workspace })).rejects.toMatchObject({
      code: "store.corrupt",
      message: expect.stringContaining(file),
      cure: expect.stringContaining("backup"),
    });
    expect(await readFile(file, "utf8")).toBe(rubbish);
  });

  test("of a newer version is an error, and stays as it is", async () => {
    await using folder = await temporaryFolder();
    await (await openJournal({ folder: folder.path, workspace })).close();
    const database = new DatabaseSync(join(folder.path, "journal.sqlite"));
    database.exec("insert into journal_migrations values ('9999-from-the-future', '2030-01-01T00:00:00.000Z')");
    const schema = () => database.prepare("select sql from sqlite_schema order by name").all();
    const before = schema();
    await expect(openJournal({ folder: folder.path, workspace })).rejects.toMatchObject({
      code: "store.newer",
      message: expect.stringContaining("9999-from-the-future"),
      cure: expect.stringContaining("newer"),
    });
    expect(schema()).toEqual(before);
    database.close();
  });
});

describe("a journal's thread", () => {
  test("refuses a call that is no plain data, and takes those beside it", async () => {
    await using folder = await temporaryFolder();
    const journal = await openJournal({ folder: folder.path, workspace });
    const wrong = { callback: () => {} } as unknown as Datum;
    const outcomes = await Promise.allSettled([
      journal.begin(intentOf()),
      journal.begin(intentOf({ request: wrong })),
      journal.begin(intentOf()),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    await journal.close();
  });

  test("answers nothing after it is closed", async () => {
    await using folder = await temporaryFolder();
    const journal = await openJournal({ folder: folder.path, workspace });
    const id = await journal.begin(intentOf());
    const closing = journal.close();
    await expect(journal.begin(intentOf())).rejects.toMatchObject({ code: "journal.closed" });
    await closing;
    await journal.close();
    await expect(journal.finish(id, endOf())).rejects.toMatchObject({ code: "journal.closed" });
    await expect(journal.find(["key"])).rejects.toMatchObject({ code: "journal.closed" });
  });
});
