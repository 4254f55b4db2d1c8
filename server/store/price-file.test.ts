import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../tests/helpers/temporary-folder.ts";
import { openPriceFile } from "./price-file.ts";

async function inFolder(work: (path: string, clock: { now: number }) => Promise<void>): Promise<void> {
  await using folder = await temporaryFolder();
  await work(join(folder.path, "prices.yaml"), { now: 0 });
}

const march = Date.UTC(2026, 2, 1);

test("a workspace without a file has no prices of its own, and none is made", () =>
  inFolder(async (path) => {
    const file = openPriceFile(path, () => 0);
    expect(file.read()).toEqual({ models: {}, problem: null });
    expect(file.version()).toBeNull();
    await expect(readFile(path)).rejects.toMatchObject({ code: "ENOENT" });
  }));

test("what people write is read, in the order of time, and read again when it changes", () =>
  inFolder(async (path, clock) => {
    const file = openPriceFile(path, () => clock.now);
    await writeFile(
      path,
      "groq/llama:\n  - { from: 2026-03-01, input: 1, output: 2, cachedInput: 0.5 }\n  - { input: 3, output: 4 }\n",
    );
    expect(file.read().models).toEqual({
      "groq/llama": [
        { from: null, rates: { input: 3, output: 4 } },
        { from: march, rates: { input: 1, output: 2, cachedInput: 0.5 } },
      ],
    });
    const before = file.version();
    await writeFile(path, "groq/llama:\n  - { input: 7, output: 8 }\n");
    expect(file.read().models!["groq/llama"]).toHaveLength(2);
    clock.now += 1_000;
    expect(file.read().models!["groq/llama"]).toEqual([{ from: null, rates: { input: 7, output: 8 } }]);
    expect(file.version()).not.toBe(before);
  }));

test.each([
  ["no YAML", "groq/llama: [", /prices\.yaml: /],
  ["a rate below nothing", "groq/llama:\n  - { input: -1, output: 1 }\n", /groq\/llama\.0\.input/],
  ["a rate too few", "groq/llama:\n  - { input: 1 }\n", /output/],
  ["a day that is none", "groq/llama:\n  - { from: soon, input: 1, output: 1 }\n", /from must be a day/],
  ["a name that is no model's", "llama:\n  - { input: 1, output: 1 }\n", /provider\/model/],
])("a file with %s is told, what was read before stands, and before that nothing is known", (_, text, told) =>
  inFolder(async (path, clock) => {
    await writeFile(path, text);
    expect(openPriceFile(path, () => 0).read()).toEqual({ models: null, problem: expect.stringMatching(told) });
    await writeFile(path, "groq/llama:\n  - { input: 7, output: 8 }\n");
    const file = openPriceFile(path, () => clock.now);
    const { models } = file.read();
    await writeFile(path, text);
    clock.now += 1_000;
    expect(file.read()).toEqual({ models, problem: expect.stringMatching(told) });
    await expect(file.set("a/b", null, { input: 1, output: 1 })).rejects.toMatchObject({ code: "prices.file" });
    expect(await readFile(path, "utf8")).toBe(text);
  }),
);

test("what is set stands in the file among what people wrote, each day once", () =>
  inFolder(async (path) => {
    const file = openPriceFile(path, () => 0);
    await writeFile(
      path,
      "# ours\ngroq/llama: # fast\n  - { input: 3, output: 4 }\nx/y:\n  - { input: 1, output: 1 }\n",
    );
    await Promise.all([
      file.set("groq/llama", "2026-03-01", { input: 1, output: 2 }),
      file.set("groq/llama", "2026-03-01", { input: 5, output: 6, cachedInput: 0 }),
      file.set("a/b", null, { input: 0, output: 0 }),
    ]);
    expect(file.read().models).toMatchObject({
      "groq/llama": [
        { from: null, rates: { input: 3, output: 4 } },
        { from: march, rates: { input: 5, output: 6, cachedInput: 0 } },
      ],
      "a/b": [{ from: null, rates: { input: 0, output: 0 } }],
      "x/y": [{ from: null }],
    });
    expect(await readFile(path, "utf8")).toContain("# ours");
    await file.remove("groq/llama", "2026-03-01");
    await file.remove("x/y", null);
    expect(Object.entries(file.read().models!).map(([model, all]) => [model, all.length])).toEqual([
      ["groq/llama", 1],
      ["a/b", 1],
    ]);
    await expect(file.set("groq/llama", "soon", { input: 1, output: 1 })).rejects.toMatchObject({
      code: "prices.file",
    });
  }));
