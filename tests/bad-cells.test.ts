import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { CellError } from "#server/notebook/value.ts";
import { badCells } from "./helpers/bad-cells.ts";
import { startModelServer } from "./helpers/model-server.ts";
import { command, type CommandEnd } from "./helpers/run-command.ts";
import { temporaryFolder } from "./helpers/temporary-folder.ts";

const head = [
  "---",
  "sheaf: 1",
  "inputs:",
  "  name: { type: string, default: Ada }",
  "outputs: [greeting]",
  "models: { hot: { model: echo/upper, temperature: 9 } }",
  "---",
  "```template greeting",
  "Hello {{ name }}",
  "```",
  "```data rows",
  "id,name,select,model,two words",
  "1,Ada,a,b,c",
  "2,Grace,d,e,f",
  "```",
];
const tail = [
  "```sql odd_names",
  'select "select" || model || "two words" as joined from rows order by id',
  "```",
  "````sheet odd_columns",
  "---",
  "rows: rows",
  "with: { name: =row.name }",
  "columns: [greeting]",
  "---",
  "```formula joined",
  '"select" || model || "two words"',
  "```",
  "```template picked",
  '{{ row.select }}{{ row.model }}{{ row["two words"] }}',
  "```",
  "````",
  "```template last",
  "The end",
  "```",
];

const text = [...head, ...badCells.flatMap(({ lines }) => lines), ...tail, ""].join("\n");
const firstLineOf = (index: number): number =>
  head.length + badCells.slice(0, index).reduce((total, { lines }) => total + lines.length, 0);

interface Report {
  readonly cells: {
    readonly [name: string]: {
      readonly outcome: string;
      readonly freshness: string;
      readonly value: unknown;
      readonly error?: CellError;
      readonly variants?: readonly { readonly outcome: string }[];
      readonly cells?: {
        readonly [name: string]: { readonly rows: readonly { readonly [column: string]: unknown }[] };
      };
    };
  };
  readonly calls: { readonly made: number; readonly cached: number };
}

/** What is told on standard error: with a place in the notebook, or without. */
interface Told {
  readonly line: number | null;
  readonly text: string;
}

/** Reads `bad.md:LINE:COLUMN: text` with the lines that go on from it, lines counted within what they are about. */
function readTold(stderr: string): readonly Told[] {
  return stderr
    .trimEnd()
    .replaceAll("\n  ", " / ")
    .split("\n")
    .map((entry) => {
      const place = /^bad\.md:(\d+):(\d+): /.exec(entry);
      if (place === null) return { line: null, text: entry };
      const line = Number(place[1]);
      const start = badCells.map((_, index) => firstLineOf(index)).findLast((first) => first < line) ?? 0;
      return { line, text: `${line - start}:${place[2]} ${entry.slice(place[0].length)}` };
    });
}

describe("bad cells are told in their places, and the rest runs", () => {
  let first: CommandEnd;
  let told: readonly Told[];
  let report: Report;
  let moved: Report;
  let mended: Report;
  let requests: number;
  let file: string;

  beforeAll(async () => {
    await using folder = await temporaryFolder();
    await using server = await startModelServer(({ headers }) =>
      headers.authorization === "Bearer right" ? { text: "fine" } : { text: "Incorrect API key provided", status: 401 },
    );
    vi.stubEnv("INIT_CWD", folder.path);
    vi.stubEnv("OPENAI_COMPATIBLE_BASE_URL", server.baseUrl);
    vi.stubEnv("OPENAI_COMPATIBLE_API_KEY", "wrong");
    const datasets = join(folder.path, "datasets");
    await mkdir(datasets);
    await writeFile(join(datasets, "binary.csv"), Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0xff, 0xfe, 10, 0]));
    await writeFile(join(datasets, "latin.csv"), Buffer.from("name,n\nZoë,1\n", "latin1"));
    await writeFile(join(datasets, "ragged.csv"), "id,text\n1,a\n2,b,extra\n");
    await writeFile(join(folder.path, "bad.md"), text);
    const words = ["run", "bad.md", "--workspace", folder.path, "--yes"];
    first = await command(...words);
    told = readTold(first.stderr.replaceAll(folder.path, "WORKSPACE"));
    report = JSON.parse((await command(...words, "--json")).stdout) as Report;
    vi.stubEnv("OPENAI_COMPATIBLE_API_KEY", "right");
    await writeFile(
      join(folder.path, "bad.md"),
      text.replace("\n```template greeting", "\nTwo lines\nmore.\n```template greeting"),
    );
    moved = JSON.parse((await command(...words, "--json")).stdout) as Report;
    await writeFile(join(folder.path, "bad.md"), text);
    mended = JSON.parse((await command(...words, "--json")).stdout) as Report;
    requests = server.requests().length;
    file = await readFile(join(folder.path, "bad.md"), "utf8");
  }, 40_000);

  afterAll(() => void vi.unstubAllEnvs());

  test.for(badCells.map((one, index) => ({ ...one, index })))("$what", ({ index, lines, told: expected }) => {
    const from = firstLineOf(index);
    const here = told.filter(({ line }) => line !== null && line > from && line <= from + lines.length);
    expect(here.toSorted((left, right) => left.line! - right.line!).map((one) => one.text)).toEqual(expected);
  });

  test("nothing else is told but the output, the calls to come and what the run came to", () => {
    // Of a step that takes a second, as on a busy machine, there is a line more.
    const others = told.filter(({ line, text }) => line === null && !/^[\w.]+: \d+ computed/.test(text));
    expect(others.map((one) => one.text)).toEqual([
      "greeting: Hello Ada",
      expect.stringMatching(/^\d+ calls, \$0, not counting server\/scripted, whose price is not known/),
      expect.stringMatching(/^\d+ computed, \d+ failed, 1 blocked by them in [\d.]+ s · \d+ calls, \$0/),
    ]);
    expect(told.filter(({ line }) => line !== null)).toHaveLength(badCells.flatMap((one) => one.told).length);
  });

  test("all that failed is counted, once each", () => {
    const addresses = Object.values(report.cells).flatMap(({ outcome, variants = [], cells = {} }) => [
      ...(variants.length === 0 ? [outcome] : variants.map((variant) => variant.outcome)),
      ...Object.values(cells).flatMap(({ rows }) => rows.map(({ meta }) => (meta as { outcome: string }).outcome)),
    ]);
    const failed = addresses.filter((outcome) => outcome === "error").length;
    expect(told.at(-1)!.text).toMatch(new RegExp(`computed, ${failed} failed, 1 blocked by them in`));
  });

  test("columns called `select`, `model` or with a space are read by SQL, formulas and templates", () => {
    expect(report.cells["odd_names"]!.value).toMatchObject({ rows: [{ joined: "abc" }, { joined: "def" }] });
    expect(report.cells["odd_columns"]!.value).toMatchObject({
      rows: [
        { greeting: "Hello Ada", joined: "abc", picked: "abc" },
        { greeting: "Hello Grace", joined: "def", picked: "def" },
      ],
    });
  });

  test("every other cell runs, also beside a bad one in the same sheet", () => {
    const fine = Object.entries(report.cells).filter(([, { outcome }]) => outcome === "ok");
    expect(fine.map(([name]) => name)).toEqual([
      "greeting",
      "rows",
      "first",
      "second",
      "lacking_columns",
      "odd_names",
      "odd_columns",
      "last",
    ]);
    expect(report.cells["lacking_columns"]!.cells!["fine"]!.rows.map((row) => row["fine"])).toEqual(["a", "d"]);
    expect(first.code).toBe(1);
  });

  test("each bad cell's result is its error, with its place", () => {
    const failed = Object.values(report.cells).filter(({ outcome }) => outcome !== "ok");
    expect(
      failed.map(({ outcome }) => outcome).filter((outcome) => outcome !== "error" && outcome !== "blocked"),
    ).toEqual([]);
    expect(failed.filter(({ error }) => error?.position === undefined)).toEqual([]);
  });

  test("what stands above a cell moves the place of its error, and makes nothing stale", () => {
    const placesOf = ({ cells }: Report, by = 0) =>
      Object.entries(cells).flatMap(([name, { error }]) =>
        error?.position === undefined || name === "wrong_key"
          ? []
          : [[name, error.position.line + by, error.position.column]],
      );
    expect(placesOf(report).length).toBeGreaterThan(15);
    expect(placesOf(moved)).toEqual(placesOf(report, 2));
    expect(Object.values(moved.cells).map(({ freshness }) => freshness)).toEqual(
      Object.values(report.cells).map(({ freshness }) => freshness),
    );
  });

  test("nothing is lost: the file is as it was, and with the right key that call alone is made", () => {
    expect(file).toBe(text);
    expect(mended.cells["wrong_key"]).toMatchObject({ outcome: "ok", value: "fine" });
    expect(moved.calls).toEqual({ made: 1, cached: 0 });
    expect(mended.calls).toEqual({ made: 0, cached: 0 });
    expect(requests).toBe(3);
  });
});
