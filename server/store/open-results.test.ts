import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { openResults } from "./open-results.ts";
import { resultAt } from "./results.conformance.ts";

const workspace = "local";

describe("the results' file", () => {
  test("keeps results from one opening to the next", async () => {
    await using folder = await temporaryFolder();
    const first = await openResults({ folder: folder.path, workspace });
    await first.put("a.md", [resultAt("one")]);
    await first.close();
    const second = await openResults({ folder: folder.path, workspace });
    expect(await second.all("a.md")).toEqual([resultAt("one")]);
    await second.close();
  });

  test("may be deleted while nobody has it open", async () => {
    await using folder = await temporaryFolder();
    const first = await openResults({ folder: folder.path, workspace });
    await first.put("a.md", [resultAt("one")]);
    await first.close();
    await rm(join(folder.path, "results.sqlite"));
    const second = await openResults({ folder: folder.path, workspace });
    expect(await second.all("a.md")).toEqual([]);
    await second.put("a.md", [resultAt("two")]);
    expect(await second.all("a.md")).toEqual([resultAt("two")]);
    await second.close();
  });

  test("may be deleted with its folder while it is open: work goes on, and the next opening begins anew", async () => {
    await using folder = await temporaryFolder();
    const cache = join(folder.path, "cache");
    await mkdir(cache);
    const first = await openResults({ folder: cache, workspace });
    await first.put("a.md", [resultAt("one")]);
    await rm(cache, { recursive: true });
    await first.put("a.md", [resultAt("two")]);
    expect((await first.all("a.md")).length).toBeGreaterThan(0);
    await mkdir(cache);
    const second = await openResults({ folder: cache, workspace });
    expect(await second.all("a.md")).toEqual([]);
    await second.put("a.md", [resultAt("three")]);
    await first.close();
    expect(await second.all("a.md")).toEqual([resultAt("three")]);
    await second.close();
  });

  test("is begun anew where it is no database", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "results.sqlite"), "rubbish ".repeat(10_000));
    const results = await openResults({ folder: folder.path, workspace });
    await results.put("a.md", [resultAt("one")]);
    expect(await results.all("a.md")).toEqual([resultAt("one")]);
    await results.close();
  });

  test("is begun anew where its damage shows only later, by all calls that meet it", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "results.sqlite");
    const first = await openResults({ folder: folder.path, workspace });
    const many = Array.from({ length: 2_000 }, (_, index) => resultAt(`cell${index}`));
    await first.put("a.md", many);
    await first.close();
    // All but the head and the schema's tables, which are all that opening reads.
    const pages = await readFile(file);
    await writeFile(file, pages.fill(0x5a, 16 * 4096));
    const second = await openResults({ folder: folder.path, workspace });
    const met = await Promise.all([second.all("a.md"), second.all("a.md"), second.put("b.md", many)]);
    expect(met.slice(0, 2)).toEqual([[], []]);
    expect(await second.all("a.md")).toEqual([]);
    expect(await second.all("b.md")).toHaveLength(many.length);
    await second.close();
  });

  test("is begun anew where a newer version wrote it", async () => {
    await using folder = await temporaryFolder();
    const first = await openResults({ folder: folder.path, workspace });
    await first.put("a.md", [resultAt("one")]);
    await first.close();
    const database = new DatabaseSync(join(folder.path, "results.sqlite"));
    database.exec("insert into results_migrations values ('9999-from-the-future', '2030-01-01T00:00:00.000Z')");
    database.close();
    const second = await openResults({ folder: folder.path, workspace });
    expect(await second.all("a.md")).toEqual([]);
    await second.close();
  });

  test("that cannot be written is an error that says what to do", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "cache"), "a file in the way");
    const opening = openResults({ folder: join(folder.path, "cache"), workspace });
    await expect(opening).rejects.toMatchObject({ code: "store.unwritable", cure: expect.stringContaining("folder") });
  });
});
