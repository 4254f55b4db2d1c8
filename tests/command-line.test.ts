import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startModelServer, type ModelServer } from "./helpers/model-server.ts";
import { command } from "./helpers/run-command.ts";
import { sheaf } from "./helpers/sheaf.ts";
import { temporaryFolder, type TemporaryFolder } from "./helpers/temporary-folder.ts";

let folder: TemporaryFolder;
let server: ModelServer;

/** The model says what it was asked, louder, and takes as many tokens as a long text has. */
beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startModelServer(({ body }) => ({
    text: String(body.messages.at(-1)!.content).toUpperCase(),
    usage: { prompt: 100, completion: 50_000 },
  }));
  vi.stubEnv("INIT_CWD", folder.path);
  for (const [name, value] of Object.entries(models())) vi.stubEnv(name, value);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** `server/…` is free, `openai/…` has its price; both are on this machine. */
const models = () => ({
  OPENAI_COMPATIBLE_BASE_URL: server.baseUrl,
  OPENAI_BASE_URL: server.baseUrl,
  OPENAI_API_KEY: "some key",
});

const fence = (info: string, ...lines: string[]): string => [`\`\`\`${info}`, ...lines, "```", ""].join("\n");

const shop = [
  "---",
  "sheaf: 1",
  "inputs:",
  "  name: { type: string, default: Ada }",
  "  n: { type: number, default: 3 }",
  "outputs: [greeting, answer]",
  "choose: { tone: plain }",
  "---",
  fence("template greeting", "Hello {{ name }}, {{ n + 1 }} times"),
  fence(
    "prompt answer",
    "---",
    "model: server/scripted",
    "vary: { tone: [formal, plain] }",
    "---",
    "{{ vary.tone }}: {{ greeting }}",
  ),
  fence("data guests", "id,who,weight", "1,Grace,3.5", "2,Alan,22.25", "3,Edsger,1"),
  "````sheet party",
  "---",
  "rows: guests",
  "with: { name: =row.who }",
  "columns: [greeting, answer]",
  "---",
  fence("score loud", "---", "output: =answer", "---", "- contains: =row.who | upper", "- contains: PLAIN").trimEnd(),
  "````",
  "",
  fence("test gate", 'mean(party.loud.at(tone="plain")) == 1', 'mean(party.loud.at(tone="formal")) < 1'),
].join("\n");

interface Table {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rowCount: number;
  readonly rows: readonly { readonly [column: string]: unknown }[];
}

interface Cell {
  readonly outcome: string | null;
  readonly freshness: string;
  readonly value: unknown;
  readonly cells?: { readonly [name: string]: Table };
}

interface Report {
  readonly outputs: { readonly [name: string]: unknown };
  readonly cells: { readonly [name: string]: Cell };
  readonly cost: number | null;
  readonly calls: { readonly made: number; readonly cached: number };
}

/** A workspace of its own with notebooks in it. */
async function workspace(name: string, files: { readonly [file: string]: string }): Promise<string> {
  const path = join(folder.path, name);
  await mkdir(path);
  for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
  return path;
}

describe("a process of its own", () => {
  test("gives one JSON object on standard output, progress on standard error, and calls no model twice", async () => {
    const path = await workspace("process", { "shop.md": shop });
    const asked = server.requests().length;
    await using first = sheaf(["run", "shop.md", "--json", "--set", "name=Ida", "--set", "n=4"], {
      folder: path,
      environment: models(),
    });
    const end = await first.ended;
    // Of a step that takes a second, as on a busy machine, there is a line more.
    expect(end.stderr.replaceAll(/^\w+: \d+ computed in [\d.]+ s\n/gm, "")).toMatch(
      /^greeting: Hello Ida, 5 times\n8 calls, \$0, about \d+ tokens in\.\nanswer: PLAIN: HELLO IDA, 5 TIMES\n\d+ computed in [\d.]+ s · 8 calls, \$0\n$/,
    );
    expect(end.code).toBe(0);
    expect(end.stdout.endsWith("}\n")).toBe(true);
    const report = JSON.parse(end.stdout) as Report;
    expect(Object.keys(report)).toEqual(["outputs", "cells", "cost", "calls"]);
    expect(report.outputs).toEqual({ greeting: "Hello Ida, 5 times", answer: "PLAIN: HELLO IDA, 5 TIMES" });
    expect(report).toMatchObject({ cost: 0, calls: { made: 8, cached: 0 } });
    expect(server.requests().length - asked).toBe(8);

    await using second = sheaf(["run", "shop.md", "--set", "name=Ida", "--set", "n=4"], {
      folder: path,
      environment: { ...models(), COLUMNS: "80" },
    });
    const again = await second.ended;
    expect(again).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^Nothing to compute in [\d.]+ s · 0 calls, \$0\n$/),
    });
    expect(server.requests().length - asked).toBe(8);
    expect(again.stdout).toMatchInlineSnapshot(`
      "greeting: Hello Ida, 5 times
      answer: PLAIN: HELLO IDA, 5 TIMES

      ── prompt answer
      tone    answer
      ──────  ──────────────────────────
      formal  FORMAL: HELLO IDA, 5 TIMES
      plain   PLAIN: HELLO IDA, 5 TIMES

      ── data guests · 3 rows
      id  who     weight
      ──  ──────  ──────
       1  Grace     3.50
       2  Alan     22.25
       3  Edsger    1.00

      ── sheet party · 3 rows
      id  who     weight  greeting               answer · plain           loud · plain
      ──  ──────  ──────  ─────────────────────  ───────────────────────  ────────────
       1  Grace     3.50  Hello Grace, 5 times   PLAIN: HELLO GRACE, 5 …           1 ✓
       2  Alan     22.25  Hello Alan, 5 times    PLAIN: HELLO ALAN, 5 T…           1 ✓
       3  Edsger    1.00  Hello Edsger, 5 times  PLAIN: HELLO EDSGER, 5…           1 ✓

      column  tone    mean  n  of
      ──────  ──────  ────  ─  ──
      loud    formal   0.5  3   3
      loud    plain    1.0  3   3

      ── test gate
      ✓ pass  mean(party.loud.at(tone="plain")) == 1
              1 (n 3 of 3, over 3 rows of party)
      ✓ pass  mean(party.loud.at(tone="formal")) < 1
              0.5 (n 3 of 3, over 3 rows of party)
      "
    `);
  });
});

describe("run --json", () => {
  let report: Report;
  beforeAll(async () => {
    const path = await workspace("json", { "shop.md": shop });
    const end = await command("run", "json/shop.md", "--workspace", path, "--json");
    report = JSON.parse(end.stdout) as Report;
  });

  test("a cell is its outcome, freshness and value", () => {
    expect(report.cells["greeting"]).toEqual({ outcome: "ok", freshness: "current", value: "Hello Ada, 4 times" });
  });

  test("a table is its columns, how many rows it has, and the rows", () => {
    expect(report.cells["guests"]!.value).toEqual({
      columns: [
        { name: "id", type: "number" },
        { name: "who", type: "string" },
        { name: "weight", type: "number" },
      ],
      rowCount: 3,
      rows: [
        { id: 1, who: "Grace", weight: 3.5 },
        { id: 2, who: "Alan", weight: 22.25 },
        { id: 3, who: "Edsger", weight: 1 },
      ],
    });
  });

  test("a sheet also has a table of its addresses for each of its cells", () => {
    const { cells = {} } = report.cells["party"]!;
    expect(Object.keys(cells)).toEqual(["greeting", "answer", "loud"]);
    expect(cells["answer"]!.rowCount).toBe(6);
    expect(cells["answer"]!.rows[1]).toMatchObject({
      who: "Grace",
      tone: "plain",
      answer: "PLAIN: HELLO GRACE, 4 TIMES",
      meta: { outcome: "ok", state: "current", cost: 0, calls: 1 },
    });
    expect(cells["loud"]!.rows.map(({ who, tone, score, pass }) => [who, tone, score, pass])).toEqual([
      ["Grace", "formal", 0.5, false],
      ["Grace", "plain", 1, true],
      ["Alan", "formal", 0.5, false],
      ["Alan", "plain", 1, true],
      ["Edsger", "formal", 0.5, false],
      ["Edsger", "plain", 1, true],
    ]);
  });

  test("at most a thousand rows of a table are there", async () => {
    const path = await workspace("long", { "long.md": `---\nsheaf: 1\n---\n${fence("sql long", "from range(1001)")}` });
    const { stdout } = await command("run", "long/long.md", "--workspace", path, "--json");
    const table = (JSON.parse(stdout) as Report).cells["long"]!.value as Table;
    expect([table.rowCount, table.rows.length, table.rows.at(-1)]).toEqual([1001, 1000, { range: 999 }]);
  });
});

describe("what is to be run", () => {
  test("--cell runs a cell with what it needs, and the rest stays as it was", async () => {
    const path = await workspace("cell", { "shop.md": shop });
    const asked = server.requests().length;
    const end = await command("run", "cell/shop.md", "--workspace", path, "--cell", "greeting");
    expect(end).toMatchObject({ code: 0, stdout: "── template greeting\nHello Ada, 4 times\n" });
    const { stdout } = await command("run", "cell/shop.md", "--workspace", path, "--cell", "greeting", "--json");
    const { cells } = JSON.parse(stdout) as Report;
    expect([cells["answer"], cells["party"]]).toMatchObject([
      { outcome: null, freshness: "never", value: null },
      { outcome: null, freshness: "never", value: null },
    ]);
    expect(server.requests()).toHaveLength(asked);

    const column = await command("run", "cell/shop.md", "--workspace", path, "--cell", "party.greeting", "--rows", "1");
    expect(column.stdout).toMatch(
      /^── party\.greeting\nid {2}who +weight +greeting.*\n.*\n 1 {2}Grace +3\.5 {2}Hello Grace, 4 times\n/,
    );
    expect(server.requests()).toHaveLength(asked);
  });

  test("--rows runs the first rows of sheets", async () => {
    const path = await workspace("rows", { "shop.md": shop });
    const asked = server.requests().length;
    const end = await command("run", "rows/shop.md", "--workspace", path, "--rows", "2", "--json");
    const rows = (JSON.parse(end.stdout) as Report).cells["party"]!.cells!["answer"]!.rows;
    expect(rows.map(({ answer }) => answer)).toEqual([
      "FORMAL: HELLO GRACE, 4 TIMES",
      "PLAIN: HELLO GRACE, 4 TIMES",
      "FORMAL: HELLO ALAN, 4 TIMES",
      "PLAIN: HELLO ALAN, 4 TIMES",
      null,
      null,
    ]);
    expect(server.requests().length - asked).toBe(6);
  });
});

describe("a model with terms", () => {
  const text = [
    "---\nsheaf: 1\n---",
    fence("template free", "Hello"),
    fence("prompt bound", "---", "model: local/gemma-3-270m", "completion: true", "---", "Hello"),
  ].join("\n");

  test("waits where nobody agrees to them, says so, and the rest runs", async () => {
    const path = await workspace("terms", { "terms.md": text });
    const end = await command("run", "terms/terms.md", "--workspace", path);
    expect(end.code).toBe(1);
    expect(end.stderr).toMatch(
      /^\nGemma 3 270M.* \(local\/gemma-3-270m\) comes under the Gemma Terms of Use, https:[^]*\nNot agreed to: cells that use local\/gemma-3-270m wait\. Add --agree to agree\.\n/,
    );
    expect(end.stderr).toContain(
      "\nbound waits: local/gemma-3-270m is fetched after you agree to the Gemma Terms of Use.\n",
    );
    expect(end.stdout).toBe(
      "── template free\nHello\n\n── prompt bound · waiting\n" +
        "local/gemma-3-270m is fetched after you agree to the Gemma Terms of Use.\n",
    );
  });

  test("has its terms not shown where what is asked for does not use it", async () => {
    const path = await workspace("no terms", { "terms.md": text });
    const end = await command("run", "no terms/terms.md", "--workspace", path, "--cell", "free");
    expect(end.code).toBe(0);
    expect(end.stderr).toMatch(/^1 computed in [\d.]+ s · 0 calls, \$0\n$/);
  });
});

describe("money", () => {
  const rows = (count: number): string =>
    [
      "---\nsheaf: 1\ninputs:\n  text: { type: string, default: none }\n---",
      fence("sql lines", `select 'line ' || i as text from range(${count}) t(i) order by i`),
      "````sheet all_lines",
      "---",
      "rows: lines",
      "with: { text: =row.text }",
      "columns: [answer]",
      "---",
      "````",
      fence("prompt answer", "---", "model: openai/gpt-5-mini", "when: =text != 'none'", "---", "{{ text }}"),
    ].join("\n");

  test("a run that may cost more than half a dollar is not made unless somebody agrees, or --yes does", async () => {
    const path = await workspace("confirm", { "lines.md": rows(100) });
    const asked = server.requests().length;
    const words = ["run", "confirm/lines.md", "--workspace", path];
    const refused = await command(...words);
    expect(refused.code).toBe(2);
    expect(refused.stderr.replace(/[\d.]+ s ·/, "… s ·")).toMatchInlineSnapshot(`
      "100 calls, $0.00045 to $0.82, about 1,000 tokens in (counted), answers' length assumed.
      Not run: that may cost more than $0.50.
        Add --yes to agree to it, or --budget USD to bound it.
      1 computed in … s · 0 calls, $0
      "
    `);
    expect(server.requests()).toHaveLength(asked);
    const agreed = await command(...words, "--rows", "3", "--yes");
    expect(agreed.code).toBe(0);
    expect(agreed.stderr).toMatch(/\nEstimated <?\$[\d.]+ to \$[\d.]+, was <?\$[\d.]+\.\n$/);
    expect(server.requests().length - asked).toBe(3);
  });

  test("what a run cost is null in JSON where the price of one of its calls is not known, beside what is known of it", async () => {
    const cells = [fence("prompt priceless", "---", "model: openai/of-no-list", "---", "Hi")];
    const path = await workspace("priceless", { "priceless.md": ["---\nsheaf: 1\n---", ...cells].join("\n") });
    const end = await command("run", "priceless/priceless.md", "--workspace", path, "--yes", "--json");
    expect(JSON.parse(end.stdout)).toMatchObject({ cost: null, knownCost: 0, unpriced: 1, calls: { made: 1 } });
    expect(end.stderr).toMatch(/ 1 call, \$0 and 1 unpriced\n/);
  });

  test("--budget bounds what a run spends; what was paid for is kept, and the next run goes on from there", async () => {
    const path = await workspace("budget", { "lines.md": rows(100) });
    const asked = server.requests().length;
    const words = ["run", "budget/lines.md", "--workspace", path, "--json"];
    const stopped = await command(...words, "--budget", "0.45");
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toMatch(
      /The run stopped at a budget; what was paid for is kept\. Raise --budget to go on\.\n$/,
    );
    const { cost, calls } = JSON.parse(stopped.stdout) as Report;
    expect(calls.made).toBeGreaterThan(0);
    expect(cost).toBeLessThanOrEqual(0.45);
    expect(cost).toBeCloseTo(calls.made * 0.100025, 5);
    expect(server.requests().length - asked).toBe(calls.made);
    const next = JSON.parse((await command(...words, "--yes")).stdout) as Report;
    expect(next.calls.made).toBe(100 - calls.made);
    const bodies = server
      .requests()
      .slice(asked)
      .map(({ text }) => text);
    expect(new Set(bodies).size).toBe(bodies.length);
  });
});
