import { copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startModelServer } from "./helpers/model-server.ts";
import { command, type CommandEnd } from "./helpers/run-command.ts";
import { standingFolder } from "./helpers/standing-folder.ts";
import { temporaryFolder, type TemporaryFolder } from "./helpers/temporary-folder.ts";

const fence = (info: string, ...lines: string[]): string => [`\`\`\`${info}`, ...lines, "```", ""].join("\n");

/** Ten rows, a prompt that gives them back, a score and a test. */
function notebook({
  prompt = "{{ row.text }}",
  gate = "mean(triage.right) >= 0",
  rows = 10,
  model = "echo/text",
} = {}): string {
  const texts = Array.from({ length: rows }, (_, index) => `${index},message ${index},message ${index}`);
  return [
    "---\nsheaf: 1\n---",
    fence("data tickets", "---\nkey: id\n---", "id,text,wanted", ...texts),
    "````sheet triage\n---\nrows: tickets\nkey: id\n---",
    fence("prompt answer", "---", `model: ${model}`, "---", prompt),
    fence("score right", "---\noutput: =answer\nexpected: =row.wanted\n---", "- equals").trimEnd(),
    "````\n",
    ...(gate === "" ? [] : [fence("test gate", gate)]),
  ].join("\n");
}

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await standingFolder();
  await mkdir(join(folder.path, "datasets"));
});
afterEach(() => folder[Symbol.asyncDispose]());

const write = (text: string): Promise<void> => writeFile(join(folder.path, "a.md"), text);
const file = (): string => join(folder.path, "a.baseline.jsonl");
async function keep(text: string): Promise<void> {
  await write(text);
  expect((await command("run", "a.md")).code).toBe(0);
  expect((await command("baseline", "a.md")).code).toBe(0);
}

/** Workspaces with a baseline of a notebook, by its text: made once, and copied. */
const made = await temporaryFolder();
afterAll(() => made[Symbol.asyncDispose]());
const places = new Map<string, string>();
async function kept(text = notebook()): Promise<void> {
  const place = places.get(text);
  if (place !== undefined) return cp(place, folder.path, { recursive: true });
  await keep(text);
  const copy = join(made.path, String(places.size));
  await cp(folder.path, copy, { recursive: true });
  places.set(text, copy);
}

describe("baseline", () => {
  test("writes what is current beside the notebook, runs nothing, and gives the same bytes again", async () => {
    await using server = await startModelServer(({ text }) => ({ text }));
    vi.stubEnv("OPENAI_COMPATIBLE_BASE_URL", server.baseUrl);
    await keep(notebook({ model: "server/small" }));
    const asked = server.requests().length;
    const text = await readFile(file(), "utf8");
    expect(text.split("\n").filter((line) => line !== "")).toHaveLength(1 + 1 + 10 + 10 + 1);
    expect(text).not.toContain("message");
    const { code, stdout, stderr } = await command("baseline", "a.md", "--json");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^a\.baseline\.jsonl: 22 results, \d kB\n$/),
    });
    expect(JSON.parse(stdout)).toEqual({
      file: file(),
      results: 22,
      bytes: Buffer.byteLength(text),
      failed: 0,
      left: { stale: 0, never: 0, unfinished: 0, sheets: [] },
    });
    expect(await readFile(file(), "utf8")).toBe(text);
    expect(server.requests()).toHaveLength(asked);
  });

  test("is the same in another workspace that was given the answers, and nothing is sent there", async () => {
    await using server = await startModelServer(({ text }) => ({ text }));
    vi.stubEnv("OPENAI_COMPATIBLE_BASE_URL", server.baseUrl);
    await keep(notebook({ model: "server/small" }));
    await command("cache", "export", "answers.jsonl");
    const asked = server.requests().length;
    const there = join(folder.path, "there");
    await mkdir(join(there, "datasets"), { recursive: true });
    for (const name of ["a.md", "a.baseline.jsonl"]) await copyFile(join(folder.path, name), join(there, name));
    await command("cache", "import", "answers.jsonl", "--workspace", "there");
    const { code, stderr } = await command("test", "there/a.md", "--baseline");
    expect(code).toBe(0);
    expect(stderr).toContain("22 of 22 results are the same.");
    await command("baseline", "there/a.md");
    expect(await readFile(join(there, "a.baseline.jsonl"), "utf8")).toBe(await readFile(file(), "utf8"));
    expect(server.requests()).toHaveLength(asked);
  });

  test("says what is not in it", async () => {
    await kept();
    await write(
      `${notebook({ prompt: "Hi {{ row.text }}" })}${fence("js broken", "throw new Error('no')")}${fence("template never", "x")}`,
    );
    await command("run", "a.md", "--cell", "broken");
    expect(await command("baseline", "a.md")).toEqual({
      code: 0,
      stdout: "",
      stderr:
        "a.baseline.jsonl: 2 results, 1 kB\n1 of them is an error.\n" +
        "Left out: 21 stale, 1 never run. Run the notebook and write it again to have them.\n",
    });
  });

  test("with 2 refuses where nothing is current, and leaves the one there is", async () => {
    await writeFile(file(), "kept");
    await write(notebook());
    const end = await command("baseline", "a.md");
    expect(end).toEqual({
      code: 2,
      stdout: "",
      stderr: "sheaf: nothing in a.md is current\n  Run it first: a baseline is made of results that are there.\n",
    });
    expect(await readFile(file(), "utf8")).toBe("kept");
  });

  test.each([
    [["a.md", "--cell", "nobody"], "there is no cell nobody"],
    [["a.md", "--yes"], "Unknown option '--yes'"],
    [["nowhere.md"], "there is no file nowhere.md"],
    [[], "name one notebook"],
  ])("%j ends with 2 and says why", async (words, said) => {
    await write(notebook());
    const { code, stderr } = await command("baseline", ...words);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });
});

describe("test beside a baseline", () => {
  /** A prompt that gets the rows wrong whose number is less than one. */
  const wrongBelow = (count: number): string => `{{ row.text if row.id >= ${count} else 'no' }}`;
  const both = async (): Promise<readonly [told: CommandEnd, asked: CommandEnd]> => [
    await command("test", "a.md"),
    await command("test", "a.md", "--baseline"),
  ];

  test("says what is the same, and ends with 0 with and without --baseline", async () => {
    await kept();
    for (const { code, stderr } of await both()) {
      expect(code).toBe(0);
      expect(stderr).toMatch(
        /\nBeside the baseline a\.baseline\.jsonl: 22 of 22 results are the same\.\n {2}triage\.right: 1 then and now, on 10 of 10\n {2}calls: \$0, /,
      );
    }
  });

  test("where a score is worse beyond its interval ends with 1 with --baseline alone, and names the first rows", async () => {
    await kept();
    await write(notebook({ prompt: wrongBelow(7) }));
    const [told, asked] = await both();
    expect([told.code, asked.code]).toEqual([0, 1]);
    const named = [0, 1, 2, 3, 4].map((row) => `    worse: row ${row} "message ${row}": passed, fails now\n`).join("");
    for (const { stderr } of [told, asked]) {
      expect(stderr).toContain(
        "  other than then: the notebook's text\n  triage.right: 1 then, 0.3 now, on 10 of 10: −0.700 (95 % −1.000 to −0.354): worse\n",
      );
      expect(stderr).toContain(`  triage.right: 7 worse, 3 same\n${named}    … and 2 more worse\n`);
      expect(stderr).toContain("  triage.answer: 7 changed, 3 same\n");
      expect(stderr).toContain("  Fails: triage.right.\n");
    }
  });

  test("where a score is worse and not beyond its interval ends with 0", async () => {
    await kept();
    await write(notebook({ prompt: wrongBelow(1) }));
    const [told, asked] = await both();
    expect([told.code, asked.code]).toEqual([0, 0]);
    expect(asked.stderr).toContain(
      '  triage.right: 1 worse, 9 same\n    worse: row 0 "message 0": passed, fails now\n',
    );
  });

  test("where a test that passed fails ends with 1", async () => {
    await kept();
    await write(notebook({ gate: "mean(triage.right) > 1" }));
    const { code, stderr } = await command("test", "a.md", "--baseline");
    expect(code).toBe(1);
    expect(stderr).toContain("  gate: 1 worse\n    worse: passed, fails now\n");
    expect(stderr).toContain("  Fails: gate.\n");
  });

  test("where what had a result is an error ends with 1, also what is no test and no score", async () => {
    const text = (code: string): string => `${notebook({ gate: "1 == 1", rows: 1 })}\n${fence("js facts", code)}`;
    await keep(text("return 1"));
    await write(text("throw new Error('gone')"));
    const { code, stderr } = await command("test", "a.md", "--baseline");
    expect(code).toBe(1);
    expect(stderr).toContain("  facts: 1 worse\n");
    expect(stderr).toContain("  Fails: facts.\n");
  });

  test("where what it covers is open ends with 2, whether it was not run or is there no more", async () => {
    await kept(notebook({ gate: "1 == 1" }));
    await write(notebook({ gate: "1 == 1", prompt: wrongBelow(7) }));
    const first = ["--rows", "2"];
    expect((await command("test", "a.md", ...first)).code).toBe(0);
    const { code, stderr } = await command("test", "a.md", "--baseline", ...first);
    expect(code).toBe(2);
    expect(stderr).toContain("  triage.right: 2 worse, 8 open\n");
    expect(stderr).toContain("  Open: ");
    await write(notebook({ gate: "1 == 1", rows: 9 }));
    expect((await command("test", "a.md", "--baseline")).code).toBe(2);
    await command("baseline", "a.md");
    expect((await command("test", "a.md", "--baseline")).code).toBe(0);
  });

  test("of one cell compares that and what it needs", async () => {
    await kept(notebook({ gate: "1 == 1" }));
    await write(notebook({ gate: "1 == 1", prompt: wrongBelow(7) }));
    const { code, stderr } = await command("test", "a.md", "--baseline", "--cell", "gate");
    expect(code).toBe(0);
    expect(stderr).toContain("1 of 1 results are the same");
  });

  test("counts without a test too, where it is asked for", async () => {
    await kept(notebook({ gate: "" }));
    const [told, asked] = await both();
    expect(told).toMatchObject({ code: 2, stderr: expect.stringContaining("a.md has no tests\n") });
    expect(asked).toMatchObject({ code: 0, stdout: "" });
    await write(notebook({ gate: "", prompt: wrongBelow(7) }));
    expect((await command("test", "a.md", "--baseline")).code).toBe(1);
  });

  test("gives it as JSON where it is asked for, and so does run, whose exit code stays", async () => {
    await kept();
    await write(notebook({ prompt: wrongBelow(7) }));
    expect(JSON.parse((await command("test", "a.md", "--json")).stdout)).not.toHaveProperty("baseline");
    const counts = { same: 3, better: 0, worse: 7, changed: 0, open: 0, missing: 0, new: 0 };
    const compared = {
      verdict: "fail",
      differs: ["the notebook's text"],
      cells: { "triage.right": counts },
      scores: [{ cell: "triage.right", n: 10, of: 10, then: 1, now: 0.3, low: -1, verdict: "worse" }],
    };
    for (const name of ["test", "run"]) {
      const end = await command(name, "a.md", "--json", "--baseline");
      expect(end.code).toBe(name === "test" ? 1 : 0);
      expect(JSON.parse(end.stdout).baseline).toMatchObject(compared);
    }
    expect((await command("run", "a.md")).stderr).not.toContain("baseline");
  });

  test("where there is none ends with 2 with --baseline before anything is run, and says how to write one", async () => {
    await write(notebook());
    expect(await command("test", "a.md", "--baseline")).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "sheaf: there is no a.baseline.jsonl beside a.md\n  Write it with `sheaf baseline a.md`, and commit it.\n",
    });
    const { code, stderr } = await command("test", "a.md");
    expect(code).toBe(0);
    expect(stderr).not.toContain("baseline");
  });

  test("where it is broken is told with its line, and the notebook runs; with --baseline it ends with 2", async () => {
    await kept();
    const text = await readFile(file(), "utf8");
    await writeFile(file(), text.replace("\n", "\n<<<<<<< HEAD\n"));
    const said =
      "a.baseline.jsonl, line 2: a merge left both sides of a conflict in this baseline\n  Take one side's file as it was, or write it anew with `sheaf baseline`.\n";
    const [told, asked] = await both();
    expect(told).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("✓ pass"),
      stderr: expect.stringMatching(new RegExp(`^${said}`)),
    });
    expect(asked).toEqual({ code: 2, stdout: "", stderr: `sheaf: ${said}` });
    // Whoever mends it is heard at once.
    await writeFile(file(), text);
    expect((await command("test", "a.md", "--baseline")).code).toBe(0);
  });
});
