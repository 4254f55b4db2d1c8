import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { command } from "./helpers/run-command.ts";
import { standingFolder } from "./helpers/standing-folder.ts";
import type { TemporaryFolder } from "./helpers/temporary-folder.ts";

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await standingFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

const reading = (file: string): string => `---\nsheaf: 1\n---\n\n\`\`\`data guests\n---\nfile: ${file}\n---\n\`\`\`\n`;

async function project(): Promise<string> {
  const path = join(folder.path, "project");
  await mkdir(join(path, "datasets"), { recursive: true });
  await mkdir(join(path, "notes", "deep"), { recursive: true });
  await writeFile(join(path, "datasets", "guests.csv"), "id,who\n1,Grace\n");
  await writeFile(join(path, "notes", "deep", "party.md"), reading("guests.csv"));
  return path;
}

test("the workspace is the nearest folder at or above the notebook that has datasets, wherever one stands", async () => {
  const path = await project();
  const end = await command("run", "project/notes/deep/party.md");
  expect(end).toMatchObject({ code: 0, stdout: expect.stringContaining(" 1  Grace") });
  expect(await readdir(folder.path)).toEqual(["project"]);
  expect((await readdir(path)).toSorted()).toEqual([".sheaf", "datasets", "notes"]);
});

test("without one the workspace is where one stands, and --workspace says otherwise", async () => {
  await mkdir(join(folder.path, "alone"));
  await writeFile(join(folder.path, "alone", "a.md"), "---\nsheaf: 1\n---\n\n```template a\nHello\n```\n");
  await command("run", "alone/a.md");
  expect((await readdir(folder.path)).toSorted()).toEqual([".sheaf", "alone"]);
  await command("run", "alone/a.md", "--workspace", "alone");
  expect((await readdir(join(folder.path, "alone"))).toSorted()).toEqual([".sheaf", "a.md"]);
});

test("a dataset file that is not there is looked for in a folder that is named", async () => {
  const path = await project();
  await writeFile(join(path, "party.md"), reading("nobody.csv"));
  const { code, stderr } = await command("run", "project/party.md");
  expect(code).toBe(1);
  expect(stderr).toContain(
    `there is no dataset file nobody.csv\n  Give its path within \`datasets/\` of the workspace ${path}, as in`,
  );
});
