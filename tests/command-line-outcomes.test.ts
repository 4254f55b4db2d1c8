import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startModelServer } from "./helpers/model-server.ts";
import { command } from "./helpers/run-command.ts";
import { sheaf } from "./helpers/sheaf.ts";
import { standingFolder } from "./helpers/standing-folder.ts";
import type { TemporaryFolder } from "./helpers/temporary-folder.ts";

const fence = (info: string, ...lines: string[]): string => [`\`\`\`${info}`, ...lines, "```", ""].join("\n");
const prompt = (name: string, model: string, ...body: string[]): string =>
  fence(`prompt ${name}`, "---", `model: ${model}`, "---", ...body);

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await standingFolder();
  await mkdir(join(folder.path, "datasets"));
});

afterEach(() => folder[Symbol.asyncDispose]());

async function notebook(...cells: string[]): Promise<void> {
  await writeFile(join(folder.path, "a.md"), ["---\nsheaf: 1\n---", ...cells].join("\n"));
}

test("a test with axes has its lines under each label, and every label counts", async () => {
  await notebook(
    fence("template tone", "---", "vary: { tone: [plain, loud] }", "---", "{{ vary.tone }}"),
    fence("test gate", 'tone == "plain"', "1 < 2"),
  );
  const shown = await command("run", "a.md", "--cell", "gate");
  expect(shown.stdout).toBe(
    "── test gate\ntone plain\n" +
      '  ✓ pass  tone == "plain"\n  ✓ pass  1 < 2\n' +
      'tone loud\n  ✗ fail  tone == "plain"\n          "loud"\n  ✓ pass  1 < 2\n',
  );
  const end = await command("test", "a.md");
  expect(end.code).toBe(1);
  expect(end.stdout).toMatch(/^gate \(tone plain\)\n✓ pass[^]*\n\ngate \(tone loud\)\n✗ fail/);
  expect(end.stderr).toMatch(/\ngate \(tone loud\): fail: tone == "plain"\n$/);
});

test("a test that a run did not come to is open, whatever it was before, at each of its labels", async () => {
  const tone = fence("template tone", "---", "vary: { tone: [plain, loud] }", "---", "{{ vary.tone }}");
  const gates = [fence("test gate", '"hi" in p'), fence("test toned", '"hi" in q')];
  await notebook(tone, prompt("p", "echo/text", "hi"), prompt("q", "echo/text", "hi {{ tone }}"), ...gates);
  expect((await command("test", "a.md")).code).toBe(0);
  vi.stubEnv("OPENAI_API_KEY", "x");
  const model = "openai/no-such-model-x";
  await notebook(tone, prompt("p", model, "say bye"), prompt("q", model, "bye {{ tone }}"), ...gates);
  const end = await command("test", "a.md");
  expect(end.stderr).toContain("Not run: what openai/no-such-model-x costs is not known.");
  const open = (title: string) => `${title}\n… open  it was not run again\n`;
  expect(end.stdout).toBe(["gate", "toned (tone plain)", "toned (tone loud)"].map(open).join("\n"));
  expect(end.code).toBe(2);
  const ran = await command("run", "a.md", "--json");
  const { cells } = JSON.parse(ran.stdout) as { readonly cells: { readonly [name: string]: unknown } };
  const stale = { outcome: "ok", freshness: "stale" };
  expect(ran.code).toBe(2);
  expect(cells).toMatchObject({ gate: stale, toned: { ...stale, variants: [stale, stale] } });
});

test("a test whose run is stopped ends as what stopped it says", async () => {
  await notebook(prompt("slow", "echo/text", "one"), fence("test gate", "1 < 2"), fence("test after", '"one" in slow'));
  expect((await command("test", "a.md")).code).toBe(0);
  await notebook(prompt("slow", "echo/hang", "one"), fence("test gate", "1 < 2"), fence("test after", '"one" in slow'));
  await using run = sheaf(["test", "a.md"], { folder: folder.path });
  await run.waitFor(/1 call/, "stderr");
  await setTimeout(1_000);
  run.kill("SIGINT");
  const end = await run.ended;
  expect(end.code).toBe(130);
  expect(end.stdout).toMatch(/^gate\n✓ pass {2}1 < 2\n\nafter\n… open /);
});

const asked = (sheet: string, cell: string): string =>
  `\`\`\`\`sheet ${sheet}\n---\nrows: =[1, 2]\n---\n${prompt(cell, "echo/text", "{{ item }}")}\n\`\`\`\``;

test.each([
  ["a reserved word", [prompt("order", "echo/upper", "hi")], "order"],
  ["a sheet's name twice", [asked("s", "one"), asked("s", "two")], "s"],
  ["a reserved word of a sheet", [asked("table", "one")], "table"],
  ["a wording's label twice", [fence("template w.a", "first"), fence("template w.a", "second")], "w"],
  [
    "wordings of different kinds, of which a prompt would be sent",
    [prompt("m.x", "echo/upper", "hi"), fence("js m.y", "return 1")],
    "m",
  ],
])("%s as a cell's name blocks that cell, is sent to no model, and the rest runs", async (_, cells, name) => {
  await notebook(...cells, fence("template rest", "Hello"), fence("test gate", `${name} is defined`));
  const end = await command("run", "a.md", "--json");
  const told = JSON.parse(end.stdout) as { readonly cells: { readonly [cell: string]: unknown } };
  expect(told).toMatchObject({
    cells: { [name]: { outcome: "blocked" }, rest: { value: "Hello" } },
    calls: { made: 0 },
  });
  expect(end.code).toBe(1);
  expect((await command("test", "a.md")).code).toBe(2);
});

test.each([
  ["a reserved word as a name", fence("sql order", "select 1 as one")],
  ["a cell whose fence is never closed", "```test late\n1 > 2\n"],
])("%s is an error of the notebook, and its end says so", async (_, wrong) => {
  await notebook(fence("template rest", "Hello"), fence("test gate", 'rest == "Hello"'), wrong);
  const end = await command("test", "a.md");
  expect(end).toMatchObject({ code: 2, stdout: 'gate\n✓ pass  rest == "Hello"\n' });
  expect((await command("run", "a.md")).code).toBe(1);
});

test("what is blocked says where the cell stands that blocks it", async () => {
  await notebook(fence("js broken", "throw new Error('no')"), fence("template one", "{{ broken }}"));
  expect((await command("run", "a.md")).stdout).toContain(
    "── template one · blocked\na.md:4:1: blocked by `broken`\n  Mend or run `broken` first.\n",
  );
});

test("what failed and what it blocks are counted apart", async () => {
  await notebook(
    fence("js broken", "throw new Error('no')"),
    fence("template one", "{{ broken }}"),
    fence("template two", "{{ one }}"),
    fence("template fine", "fine"),
  );
  expect((await command("run", "a.md")).stderr).toMatch(/\n1 computed, 1 failed, 2 blocked by it in /);
});

test("an answer that broke off shows the text that came, marked partial", async () => {
  await notebook(prompt("broken", "echo/cut", "one two three four"), fence("template after", "{{ broken }}"));
  const end = await command("run", "a.md");
  expect(end.code).toBe(1);
  expect(end.stdout).toMatch(
    /^── prompt broken · error · partial\none two.*\na\.md:6:8: Echo: the answer of cut broke off/,
  );
  const { cells } = JSON.parse((await command("run", "a.md", "--json")).stdout) as {
    readonly cells: { readonly [name: string]: { readonly [key: string]: unknown } };
  };
  expect(cells["broken"]).toMatchObject({ outcome: "error", value: null, partial: expect.stringMatching(/^one two/) });
  expect(cells["after"]).toMatchObject({ outcome: "blocked" });
});

test("a whole answer that is not as its schema says is an error, and nothing of it is partial", async () => {
  await notebook(
    fence("prompt vote", "---\nmodel: echo/text\nschema: { enum: [yes, no] }\n---", "whole sentence here"),
  );
  const end = await command("run", "a.md");
  expect(end.stdout).toMatch(/^── prompt vote · error\na\.md:.*, which is none of yes, no/);
  const { cells } = JSON.parse((await command("run", "a.md", "--json")).stdout) as {
    readonly cells: { readonly [name: string]: { readonly [key: string]: unknown } };
  };
  expect(cells["vote"]).toMatchObject({ outcome: "error", value: null });
  expect(cells["vote"]).not.toHaveProperty("partial");
});

test("an answer that was stopped shows the text that came, marked partial", async () => {
  await notebook(prompt("slow", "echo/hang", "one two three four"));
  await using run = sheaf(["run", "a.md"], { folder: folder.path });
  await run.waitFor(/1 call/, "stderr");
  await setTimeout(1_000);
  run.kill("SIGINT");
  const end = await run.ended;
  expect(end.code).toBe(130);
  expect(end.stdout).toMatch(/^── prompt slow · partial\none two/);
});

test("an output is shown as soon as it is known, and does not wait for the end of the run", async () => {
  await writeFile(
    join(folder.path, "a.md"),
    `---\nsheaf: 1\noutputs: [vote]\n---\n${prompt("vote", "echo/text", "card arrival")}${prompt("slow", "echo/hang", "one")}`,
  );
  await using run = sheaf(["run", "a.md"], { folder: folder.path });
  await run.waitFor(/^vote: card arrival$/m, "stderr");
  expect(run.output().stdout).toBe("");
});

test("a run whose call waits to be sent again ends with its answer", async () => {
  await using server = await startModelServer(({ number }) =>
    number === 0 ? { status: 429, text: "slower" } : { text: "hello" },
  );
  await notebook(prompt("greeting", "server/small", "Say hello."));
  await using run = sheaf(["run", "a.md"], {
    folder: folder.path,
    environment: { OPENAI_COMPATIBLE_BASE_URL: server.baseUrl },
  });
  expect(await run.ended).toMatchObject({ code: 0, stdout: "── prompt greeting\nhello\n" });
  expect(server.requests()).toHaveLength(2);
});

test("a run whose model is not there ends with what is wrong", async () => {
  const server = await startModelServer(() => ({ text: "" }));
  await server[Symbol.asyncDispose]();
  await notebook(prompt("greeting", "server/small", "Say hello."));
  await using run = sheaf(["run", "a.md"], {
    folder: folder.path,
    environment: { OPENAI_COMPATIBLE_BASE_URL: server.baseUrl },
  });
  expect(await run.ended).toMatchObject({ code: 1, stdout: expect.stringContaining("server cannot be reached at") });
});

test("an answer that did not fit is asked for anew by the next run, in rows as well, and a good one never", async () => {
  let answer = "no idea";
  await using server = await startModelServer(() => ({ text: answer, usage: { prompt: 10, completion: 5 } }));
  vi.stubEnv("OPENAI_BASE_URL", server.baseUrl);
  vi.stubEnv("OPENAI_API_KEY", "x");
  const vote = fence("prompt vote", "---", "model: openai/gpt-4o-mini", "schema: { enum: [yes, no] }", "---", "Vote");
  const rowVote = vote.replace("prompt vote", "prompt row_vote").replace("Vote", "Vote as {{ row.id }}");
  const sheet = `\`\`\`\`sheet party\n---\nrows: rows\n---\n${rowVote}\`\`\`\`\n`;
  await notebook(fence("data rows", "---", "key: id", "---", "id", "a"), vote, sheet);
  const sent = async (): Promise<[number, number]> => {
    const before = server.requests().length;
    const { code } = await command("run", "a.md", "--yes");
    return [code, server.requests().length - before];
  };
  expect(await sent()).toEqual([1, 4]);
  answer = "yes";
  expect(await sent()).toEqual([0, 2]);
  answer = "no";
  expect(await sent()).toEqual([0, 0]);
});

test("a locked table whose rows are kept nowhere is an error of its cell and its readers, and the others are shown", async () => {
  await notebook(
    fence("sql q", "select 1 as n"),
    fence("template rest", "Hello"),
    fence("sql read", "select n from q"),
  );
  const value = { columns: [{ name: "n", sql: "INTEGER", type: "number" }], hash: "a".repeat(64), rowCount: 2_000 };
  const note = { address: "q", time: "2026-02-03T10:00:00.000Z", type: "locked", value: { type: "table", value } };
  await writeFile(join(folder.path, "a.notes.jsonl"), `${JSON.stringify(note)}\n`);
  const told = await command("run", "a.md", "--json");
  const error = { code: "data.missing", cure: expect.stringContaining("unlock it first") };
  expect(JSON.parse(told.stdout)).toMatchObject({
    cells: { q: { outcome: "error", error }, rest: { value: "Hello" }, read: { outcome: "error", error } },
  });
  expect(told.code).toBe(1);
  const shown = await command("run", "a.md");
  expect(shown).toMatchObject({ code: 1, stdout: expect.stringContaining("── template rest\nHello") });
});

test("an answer that is cut off says so at its value, in JSON and in the summary, and one that is all thought is an error", async () => {
  await using server = await startModelServer(({ text }) =>
    text.includes("think")
      ? { text: "", finish: "length", usage: { prompt: 10, completion: 64 } }
      : { text: "Half a", finish: text.includes("whole") ? "stop" : "length" },
  );
  vi.stubEnv("OPENAI_COMPATIBLE_BASE_URL", server.baseUrl);
  await notebook(
    prompt("one", "server/small", "Say one"),
    fence("data rows", "---", "key: id", "---", "id", "a", "whole", "c"),
    `\`\`\`\`sheet party\n---\nrows: rows\n---\n${prompt("answer", "server/small", "Say {{ row.id }}")}\`\`\`\`\n`,
    prompt("silent", "server/small", "think"),
  );
  const shown = await command("run", "a.md", "--yes");
  expect(shown.stdout).toContain("── prompt one · cut off\nHalf a\n");
  const summary =
    "3 answers are cut off at the most tokens they may have: one, party.answer\n  Raise max_tokens there.\n";
  expect(shown.stderr).toContain(summary);
  const told = JSON.parse((await command("run", "a.md", "--json", "--cell", "party")).stdout) as { cells: object };
  expect(told.cells).toMatchObject({
    one: { outcome: "ok", value: "Half a", cut_off: true },
    silent: {
      outcome: "error",
      error: { code: "model.length", message: expect.stringContaining("all of its 64 tokens") },
    },
    party: { cells: { answer: { cut_off: 2, rows: [{ meta: { cut_off: true } }, { meta: { cut_off: false } }, {}] } } },
  });
});

test("a test whose run stopped at a budget has not come to its end", async () => {
  await using server = await startModelServer(() => ({ text: "Hi", usage: { prompt: 10, completion: 5 } }));
  vi.stubEnv("OPENAI_BASE_URL", server.baseUrl);
  vi.stubEnv("OPENAI_API_KEY", "x");
  const letters = prompt("letter", "openai/gpt-5-mini", "To {{ row.id }}");
  await notebook(
    fence("data rows", "id", "a", "b", "c"),
    `\`\`\`\`sheet party\n---\nrows: rows\n---\n${letters}\`\`\`\`\n`,
    fence("test gate", "1 < 2"),
  );
  const end = await command("test", "a.md", "--budget", "0.0000001");
  expect(end).toMatchObject({ code: 2, stdout: "gate\n✓ pass  1 < 2\n" });
});
