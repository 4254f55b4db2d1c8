import { open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { openQueryVectors } from "./query-vectors.ts";

const model = { name: "test" };
const many = Array.from({ length: 300 }, (_, index) => `query ${index}`);

/** A vector tells its text's length; what is asked for is written down. */
function counted() {
  const asked: string[] = [];
  const embed = async (texts: readonly string[]): Promise<Float32Array[]> => {
    asked.push(...texts);
    return texts.map(({ length }) => new Float32Array(384).fill(length));
  };
  return { asked, embed };
}

test("a text is embedded once, also where the file is opened again", async () => {
  await using folder = await temporaryFolder();
  const { asked, embed } = counted();
  for (let time = 0; time < 2; time += 1) {
    const vectors = openQueryVectors(join(folder.path, "queries.sqlite"));
    const [a, bb] = await vectors.embed(model, ["a", "bb"], embed);
    expect([a![0], bb![383]]).toEqual([1, 2]);
    expect(vectors.missing(model, ["a", "c", "c"])).toEqual(["c"]);
    vectors.close();
  }
  expect(asked).toEqual(["a", "bb"]);
});

test.each(["before it is opened", "while it is open"])("a file damaged %s is begun anew", async (when) => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "queries.sqlite");
  const { asked, embed } = counted();
  let vectors = openQueryVectors(path);
  await vectors.embed(model, many, embed);
  vectors.close();
  vectors = openQueryVectors(path);
  if (when === "while it is open") vectors.missing(model, ["query 0"]);
  const { size } = await stat(path);
  await using file = await open(path, "r+");
  for (let at = 2 * 4096; at < size; at += 4096) await file.write(Buffer.alloc(64, 255), 0, 64, at);
  for (const text of [...many, "new", "new"])
    expect((await vectors.embed(model, [text], embed))[0]![0]).toBe(text.length);
  vectors.close();
  vectors = openQueryVectors(path);
  asked.length = 0;
  await vectors.embed(model, ["query 299", "new"], embed);
  expect(asked).toEqual([]);
  vectors.close();
});

test("what cannot be kept is given all the same, and kept once it can be", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "queries.sqlite");
  const { asked, embed } = counted();
  const vectors = openQueryVectors(path);
  await vectors.embed(model, ["a"], embed);
  const other = new DatabaseSync(path);
  other.exec("create trigger full before insert on vectors begin select raise(abort, 'full'); end");
  expect((await vectors.embed(model, ["bb", "a"], embed)).map((vector) => vector[0])).toEqual([2, 1]);
  other.exec("drop trigger full");
  for (let time = 0; time < 2; time += 1) await vectors.embed(model, ["bb", "ccc"], embed);
  expect(asked).toEqual(["a", "bb", "bb", "ccc"]);
  other.close();
  vectors.close();
});

test("an answer with too few vectors is an error of its own call alone", async () => {
  await using folder = await temporaryFolder();
  const vectors = openQueryVectors(join(folder.path, "queries.sqlite"));
  await expect(vectors.embed(model, ["a", "bb"], async () => [new Float32Array(3)])).rejects.toThrow();
  expect(vectors.missing(model, ["a", "bb"])).toEqual(["a", "bb"]);
  expect((await vectors.embed(model, ["bb"], counted().embed))[0]![0]).toBe(2);
  vectors.close();
});

test("a file that could not be opened is opened once it can be", async () => {
  await using folder = await temporaryFolder();
  const inTheWay = join(folder.path, "vectors");
  await writeFile(inTheWay, "");
  const vectors = openQueryVectors(join(inTheWay, "queries.sqlite"));
  await expect(vectors.embed(model, ["a"], counted().embed)).rejects.toThrow();
  await rm(inTheWay);
  await vectors.embed(model, ["a"], counted().embed);
  expect(await readdir(inTheWay)).toContain("queries.sqlite");
  vectors.close();
});
