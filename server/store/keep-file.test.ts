import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { keepFile } from "./keep-file.ts";

const hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

test("bytes are kept once, under their SHA-256, and anew where what is kept was cut off", async () => {
  await using folder = await temporaryFolder();
  const files = join(folder.path, "files");
  for (let time = 0; time < 2; time += 1) expect(await keepFile(files, Buffer.from("hello"))).toBe(hello);
  expect(await readdir(files)).toEqual([hello]);
  await writeFile(join(files, hello), "hel");
  await keepFile(files, Buffer.from("hello"));
  expect(await readFile(join(files, hello), "utf8")).toBe("hello");
});

test("a folder that cannot be made is an error that says so", async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "files"));
  await writeFile(join(folder.path, "files", "inner"), "");
  await expect(keepFile(join(folder.path, "files", "inner"), Buffer.from("x"))).rejects.toMatchObject({
    code: "store.unwritable",
    cure: expect.any(String),
  });
});
