import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { openKeptJson } from "./kept-json.ts";

const read = (json: unknown): readonly number[] => {
  if (!Array.isArray(json)) throw new TypeError("no list");
  return json as readonly number[];
};

test("a kept value is there again when it is opened anew; the last of several written at once holds", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "below", "numbers.json");
  const kept = await openKeptJson({ file, read, empty: [] });
  expect(kept.get()).toEqual([]);
  await Promise.all([kept.set([1]), kept.set([1, 2]), kept.set([1, 2, 3])]);
  expect(kept.get()).toEqual([1, 2, 3]);
  expect((await openKeptJson({ file, read, empty: [] })).get()).toEqual([1, 2, 3]);
});

test.each(["{", '{"no": "list"}'])(
  "one whose file has %j is an error with a cure, and the file stays; a cache begins anew",
  async (text) => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "numbers.json");
    await writeFile(file, text);
    await expect(openKeptJson({ file, read, empty: [], what: "numbers" })).rejects.toMatchObject({
      code: "store.corrupt",
      message: expect.stringContaining("should have numbers"),
    });
    expect(await readFile(file, "utf8")).toBe(text);
    expect((await openKeptJson({ file, read, empty: [] })).get()).toEqual([]);
  },
);
