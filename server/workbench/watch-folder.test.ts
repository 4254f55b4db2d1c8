import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { watchFolder } from "./watch-folder.ts";

/** Nothing of these is in the way. */
const complain = (thrown: unknown): void => {
  throw thrown;
};

test("a file is told of however often another is renamed over it or it is written to", async () => {
  await using folder = await temporaryFolder();
  const told: string[] = [];
  const watching = watchFolder(folder.path, (name) => told.push(name), complain)!;
  const file = join(folder.path, "a.md");
  const isTold = async (work: () => Promise<unknown>): Promise<void> => {
    told.length = 0;
    await work();
    await expect.poll(() => told, { timeout: 5_000 }).toContain("a.md");
  };
  for (let round = 0; round < 3; round += 1) {
    await isTold(() => writeFile(file, `${round}`));
    await isTold(async () => {
      await writeFile(`${file}.1.tmp`, `${round} whole`);
      await rename(`${file}.1.tmp`, file);
    });
  }
  expect(told).not.toContain("a.md.1.tmp");
  watching.close();
});

test("folders that come are followed, also again after they were gone", async () => {
  await using folder = await temporaryFolder();
  const told: string[] = [];
  const watching = watchFolder(folder.path, (name) => told.push(name), complain)!;
  const inner = join(folder.path, "deep", "er");
  const isTold = () => expect.poll(() => told, { timeout: 5_000 }).toContain(join("deep", "er", "b.md"));
  for (const text of ["one", "two"]) {
    told.length = 0;
    await mkdir(inner, { recursive: true });
    await writeFile(join(inner, "b.md"), text);
    await isTold();
    told.length = 0;
    await writeFile(join(inner, "b.md"), `${text} more`);
    await isTold();
    await rm(join(folder.path, "deep"), { recursive: true });
    await expect.poll(() => told, { timeout: 5_000 }).toContain("deep");
  }
  watching.close();
});

test("a folder that is not there is not watched", () => {
  expect(watchFolder("/nowhere/at/all", () => {}, complain)).toBeNull();
});

test("a folder that cannot be watched is told of", () => {
  const told: unknown[] = [];
  expect(
    watchFolder(
      "no\0name",
      () => {},
      (thrown) => told.push(thrown),
    ),
  ).toBeNull();
  expect(told).toMatchObject([{ code: "ERR_INVALID_ARG_VALUE" }]);
});
