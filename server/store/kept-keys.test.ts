import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { temporaryFolder, type TemporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { openKeptKeys, type KeptKeysFiles } from "./kept-keys.ts";

let folder: TemporaryFolder;
let files: KeptKeysFiles;
beforeEach(async () => {
  folder = await temporaryFolder();
  files = { keys: join(folder.path, "state/keys.json"), masterKey: join(folder.path, "config/master.key") };
});
afterEach(() => folder[Symbol.asyncDispose]());

const secret = "sk-verySecret-0123456789";

test("a key is kept over a restart, and stands in no file", async () => {
  const keys = await openKeptKeys(files);
  expect([keys.list(), keys.get("OPENAI_API_KEY", null)]).toEqual([[], undefined]);
  await keys.set("OPENAI_API_KEY", secret, null);
  expect((await openKeptKeys(files)).get("OPENAI_API_KEY", null)).toBe(secret);
  const written = (await readFile(files.keys, "utf8")) + (await readFile(files.masterKey, "utf8"));
  expect(written).not.toContain(secret);
  expect(written).not.toContain(Buffer.from(secret).toString("base64").slice(0, 12));
});

test("one that is for one origin goes nowhere else, whatever its file says", async () => {
  const [here, elsewhere] = ["http://192.168.1.20:8000", "https://elsewhere.example"];
  const keys = await openKeptKeys(files);
  await keys.set("GPU_API_KEY", secret, here);
  const given = (kept: typeof keys) => [here, elsewhere, null].map((origin) => kept.get("GPU_API_KEY", origin));
  expect(given(keys)).toEqual([secret, undefined, undefined]);
  expect(given(await openKeptKeys(files))).toEqual([secret, undefined, undefined]);
  // One that was entered for none, as before there were origins, goes to no server that a file names.
  await keys.set("OLD_API_KEY", secret, null);
  expect([here, null].map((origin) => keys.get("OLD_API_KEY", origin))).toEqual([undefined, secret]);
  const written = await readFile(files.keys, "utf8");
  for (const [from, to] of [
    [here, elsewhere],
    [`,"origin":"${here}"`, ""],
  ]) {
    const changed = written.replaceAll(/\s*\n\s*|(?<=:) /g, "").replace(from!, to!);
    expect(changed).not.toContain(here);
    await writeFile(files.keys, changed);
    expect(given(await openKeptKeys(files))).toEqual([undefined, undefined, undefined]);
  }
});

test("its files are this user's alone, and the master key is 256 random bits", async () => {
  const keys = await openKeptKeys(files);
  await keys.set("OPENAI_API_KEY", secret, null);
  for (const file of Object.values(files)) expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(files.masterKey, "utf8")).toMatch(/^[0-9a-f]{64}\n$/);
});

test("the same key is encrypted otherwise each time", async () => {
  const keys = await openKeptKeys(files);
  await keys.set("OPENAI_API_KEY", secret, null);
  const first = await readFile(files.keys, "utf8");
  await keys.set("OPENAI_API_KEY", secret, null);
  expect(await readFile(files.keys, "utf8")).not.toBe(first);
});

test("one that is removed is gone", async () => {
  const keys = await openKeptKeys(files);
  await keys.set("OPENAI_API_KEY", secret, null);
  await keys.set("GROQ_API_KEY", "other", null);
  await keys.remove("OPENAI_API_KEY");
  expect(keys.get("OPENAI_API_KEY", null)).toBeUndefined();
  expect((await openKeptKeys(files)).list()).toEqual([{ variable: "GROQ_API_KEY", readable: true, origin: null }]);
});

test("with another master key, a changed letter or exchanged names a key cannot be read, and is named", async () => {
  const keys = await openKeptKeys(files);
  await keys.set("OPENAI_API_KEY", secret, null);
  await keys.set("GROQ_API_KEY", "other", null);
  const written = await readFile(files.keys, "utf8");
  const { keys: entries } = JSON.parse(written) as {
    keys: { OPENAI_API_KEY: { sealed: string }; GROQ_API_KEY: object };
  };
  const unreadable = async (text: string): Promise<unknown> => {
    await writeFile(files.keys, text);
    return (await openKeptKeys(files)).list();
  };
  const none = [
    { variable: "GROQ_API_KEY", readable: false, origin: null },
    { variable: "OPENAI_API_KEY", readable: false, origin: null },
  ];
  const exchanged = { OPENAI_API_KEY: entries.GROQ_API_KEY, GROQ_API_KEY: entries.OPENAI_API_KEY };
  expect(await unreadable(JSON.stringify({ version: 1, keys: exchanged }))).toEqual(none);
  const { sealed } = entries.OPENAI_API_KEY;
  const other = `${sealed[0] === "A" ? "B" : "A"}${sealed.slice(1)}`;
  expect(await unreadable(written.replace(sealed, other))).toContainEqual({
    variable: "OPENAI_API_KEY",
    readable: false,
    origin: null,
  });
  await writeFile(files.masterKey, `${"0".repeat(64)}\n`);
  expect(await unreadable(written)).toEqual(none);
  // It is entered again, and read again.
  const again = await openKeptKeys(files);
  await again.set("OPENAI_API_KEY", secret, null);
  expect((await openKeptKeys(files)).get("OPENAI_API_KEY", null)).toBe(secret);
});

test("a file that is none of keys is an error that says what to do", async () => {
  const keys = await openKeptKeys(files);
  await keys.set("OPENAI_API_KEY", secret, null);
  await writeFile(files.keys, "{");
  await expect(openKeptKeys(files)).rejects.toMatchObject({
    code: "store.corrupt",
    cure: expect.stringContaining("enter the keys again"),
  });
});
