import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startModelServer } from "./helpers/model-server.ts";
import { command } from "./helpers/run-command.ts";
import { standingFolder } from "./helpers/standing-folder.ts";
import type { TemporaryFolder } from "./helpers/temporary-folder.ts";

const fence = (info: string, ...lines: string[]): string => [`\`\`\`${info}`, ...lines, "```", ""].join("\n");
const sheet = (name: string, fields: string, ...cells: string[]): string =>
  `\`\`\`\`sheet ${name}\n---\n${fields}\n---\n${cells.join("\n")}\`\`\`\`\n`;
const numbers = (count: number): string => fence("sql numbers", `select i as id from range(${count}) r(i)`);
const two = fence("data two", "id", "1", "2");

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await standingFolder();
  await mkdir(join(folder.path, "datasets"));
});

afterEach(() => folder[Symbol.asyncDispose]());

async function notebook(...cells: string[]): Promise<void> {
  await writeFile(join(folder.path, "a.md"), ["---\nsheaf: 1\n---", ...cells].join("\n"));
}

interface Shown {
  readonly outcome: string | null;
  readonly freshness: string;
  readonly cells?: { readonly [column: string]: object };
}

async function cellsOf(...words: string[]): Promise<{ readonly [name: string]: Shown }> {
  return (JSON.parse((await command("run", "a.md", "--json", ...words)).stdout) as { cells: never }).cells;
}

test("a row that fails counts wherever it stands, also behind those that are printed", async () => {
  await notebook(
    numbers(1_500),
    sheet("every", "rows: numbers\nkey: id", fence("template one", "{{ 1 / (row.id - 1400) }}")),
  );
  const end = await command("run", "a.md");
  expect(end.code).toBe(1);
  expect(end.stdout).toMatch(/\n\none: this divides by zero\n$/);
});

test("a row that waits for money counts behind those that are printed as well", async () => {
  await using server = await startModelServer(() => ({ text: "yes", usage: { prompt: 10, completion: 5 } }));
  vi.stubEnv("OPENAI_BASE_URL", server.baseUrl);
  vi.stubEnv("OPENAI_API_KEY", "x");
  const vote = "---\nmodel: openai/gpt-4o-mini\nwhen: =row.id > 1100\n---\n{{ row.id }}";
  await notebook(numbers(1_103), sheet("every", "rows: numbers\nkey: id", fence("prompt vote", vote)));
  const end = await command("run", "a.md", "--budget", "0.0000001");
  expect(end.stderr).toContain("The run stopped at a budget");
  expect(end.code).toBe(1);
  expect(server.requests().length).toBeLessThan(2);
});

test("errors are counted over all rows, also of rows that have a column `meta`", async () => {
  const rows = fence("sql numbers", "select i as id, 'own' as meta from range(1100) r(i)");
  await notebook(
    rows,
    sheet("every", "rows: numbers\nkey: id", fence("js one", "throw new Error(row.meta + row.id % 2)")),
  );
  const end = await command("run", "a.md");
  expect(end.stdout).toMatch(/\none: Error: own0 \(550 times\)\none: Error: own1 \(550 times\)\n$/);
});

test("a column with a mistake in the notebook is shown as blocked, and the run has not computed all", async () => {
  await notebook(
    two,
    sheet("every", "rows: two", fence("template good", "{{ row.id }}"), fence("template bad", "{{ nosuch }}")),
  );
  const end = await command("run", "a.md");
  expect(end.code).toBe(1);
  expect(end.stdout).toContain("\na.md:19:4: bad is blocked: there is no input or cell `nosuch`\n");
  expect((await cellsOf())["every"]!.cells).toMatchObject({
    good: { rowCount: 2 },
    bad: { outcome: "blocked", error: { code: "graph.unknown-name", position: { line: 19 } }, rows: [] },
  });
  const alone = await command("run", "a.md", "--cell", "every.bad");
  expect(alone).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^── every\.bad · blocked\na\.md:19:4: there is/),
  });
});

test("what reads a column with a mistake is not computed either", async () => {
  await notebook(
    two,
    sheet("every", "rows: two", fence("template bad", "{{ nosuch }}"), fence("template after", "{{ bad }}")),
  );
  expect((await command("run", "a.md", "--cell", "every.after")).code).toBe(1);
});

test("of a sheet of which one column was asked for, the others do not count", async () => {
  await notebook(
    two,
    sheet(
      "every",
      "rows: two",
      fence("template good", "{{ row.id }}"),
      fence("js bad", "throw new Error('x')"),
      fence("template worse", "{{ nosuch }}"),
    ),
  );
  expect((await command("run", "a.md", "--cell", "every.bad")).code).toBe(1);
  expect((await command("run", "a.md", "--cell", "every.good")).code).toBe(0);
  expect((await command("run", "a.md", "--cell", "every")).code).toBe(1);
});

test("a column whose rows cannot be had is not computed", async () => {
  const good = fence("template good", "{{ row.id }}");
  await notebook(fence("sql empty", "select error('no rows') as id"), sheet("every", "rows: empty", good));
  expect((await command("run", "a.md", "--cell", "every.good")).code).toBe(1);
  await notebook(fence("data same", "id", "1", "1"), sheet("every", "rows: same\nkey: id", good));
  expect((await command("run", "a.md", "--cell", "every.good")).code).toBe(1);
});

test("with one cell asked for, `--json` still says how sheets stand that were not gone over, and what reads them", async () => {
  const after = (text: string): string => fence("template after", text);
  const cells = [two, sheet("every", "rows: two", fence("template one", "{{ row.id }}"))];
  await notebook(...cells, after("{{ every.one | length }}"), fence("template other", "1"));
  expect((await cellsOf("--cell", "other"))["every"]).toMatchObject({ outcome: null, freshness: "never" });
  await command("run", "a.md");
  const current = { outcome: "ok", freshness: "current" };
  expect(await cellsOf("--cell", "other")).toMatchObject({
    every: { ...current, cells: { one: { rowCount: 2 } } },
    after: current,
    other: current,
  });
  await notebook(...cells, after("{{ every.one | length }}!"), fence("template other", "2"));
  const changed = await cellsOf("--cell", "other");
  expect(changed).toMatchObject({ every: current, after: { outcome: "ok", freshness: "stale" }, other: current });
});

test("an output that is no longer current says so, as other cells do", async () => {
  const text = (times: number): string =>
    `---\nsheaf: 1\noutputs: [total]\n---\n${numbers(4)}${sheet("every", "rows: numbers\nkey: id", fence("js one", `return row.id * ${times}`))}${fence("js total", "return [...every.one].length")}`;
  await writeFile(join(folder.path, "a.md"), text(1));
  expect((await command("run", "a.md")).stdout).toMatch(/^total: 4\n/);
  await writeFile(join(folder.path, "a.md"), text(2));
  expect((await command("run", "a.md", "--rows", "2")).stdout).toMatch(/^total · stale: 4\n/);
});
