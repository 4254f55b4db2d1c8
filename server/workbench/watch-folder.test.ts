import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { watchFolder } from "./watch-folder.ts";

/** A watched folder, and what was told of it since it was last asked. */
async function watched() {
  const folder = await temporaryFolder();
  await writeFile(join(folder.path, "plan.md"), "one");
  const names: string[] = [];
  const end = watchFolder(folder.path, (name) => names.push(name));
  const told = (name: string): Promise<unknown> =>
    expect.poll(() => names.splice(0), { timeout: 5_000 }).toContain(name);
  return {
    file: (name: string) => join(folder.path, name),
    names,
    told,
    async [Symbol.asyncDispose]() {
      end();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe("a watched folder", () => {
  test("tells of a file that is written, put in another's place, written again, and removed", async () => {
    await using here = await watched();
    await writeFile(here.file("plan.md"), "two");
    await here.told("plan.md");
    for (const text of ["three", "four"]) {
      await writeFile(here.file("plan.md.1.tmp"), text);
      await rename(here.file("plan.md.1.tmp"), here.file("plan.md"));
      await here.told("plan.md");
      await writeFile(here.file("plan.md"), `${text}, written by another`);
      await here.told("plan.md");
    }
    expect(here.names.filter((name) => name.endsWith(".tmp"))).toEqual([]);
    await rm(here.file("plan.md"));
    await here.told("plan.md");
  });

  test("tells of what is in folders that come later, and no more when it is ended", async () => {
    await using here = await watched();
    await mkdir(here.file("a/b"), { recursive: true });
    await writeFile(here.file("a/b/deep.md"), "one");
    await here.told("a/b/deep.md");
    await writeFile(here.file("a/b/deep.md"), "two");
    await here.told("a/b/deep.md");
    await rename(here.file("a"), here.file("c"));
    await here.told("c/b/deep.md");
    await writeFile(here.file("c/b/deep.md"), "three");
    await here.told("c/b/deep.md");
  });
});
