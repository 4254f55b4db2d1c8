import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunEvent } from "./run-event.ts";
import { datasetPath, fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const notebook = notebookText(
  "inputs:\n  message: { type: string, default: Hi }\n",
  fence("data tickets", "---\nkey: id\n---\nid,text\n1,one\n2,two"),
  fence("prompt topic", "---\nmodel: openai/gpt-5-mini\n---\n{{ message }}"),
  fence(
    "sheet triage",
    [
      "---\nrows: tickets\nwith: { message: =row.text }\ncolumns: [topic]\n---",
      fence("score correct", "---\noutput: =topic\n---\n- contains: one"),
    ].join("\n"),
  ),
);

test("a run is an immutable table of its addresses, beside the notebook's text and the versions of what it used", async () => {
  const session = await workspace.open(notebook, { path: "runs.md" });
  const run = session.run({ type: "stale" });
  const { money } = await run.done;
  const { runs } = workspace.runtime.store;
  const [recorded] = await runs.list("runs.md", 10);
  expect(recorded).toMatchObject({
    id: run.id,
    text: notebook,
    scope: { type: "stale" },
    versions: { models: { "openai/gpt-5-mini": { provider: "openai" } } },
    end: { outcome: "done", callsMade: 3, callsCached: 0, cost: money.cost },
  });
  expect(JSON.stringify(recorded!.versions)).toContain("genai-prices");
  const results = await runs.results(run.id, { offset: 0, limit: 100 });
  const table = results.map(({ address, outcome, score, callKeys }) => [address, outcome, score, callKeys.length]);
  expect(table.toSorted(([left], [right]) => (left! < right! ? -1 : 1))).toEqual([
    ["tickets", "ok", null, 0],
    ["topic", "ok", null, 1],
    ["triage", "ok", null, 0],
    ["triage.correct{triage=1}", "ok", 1, 0],
    ["triage.correct{triage=2}", "ok", 0, 0],
    ["triage.topic{triage=1}", "ok", null, 1],
    ["triage.topic{triage=2}", "ok", null, 1],
  ]);
  expect(results.reduce((sum, { cost }) => sum + cost!, 0)).toBeCloseTo(money.cost, 10);
  await expect(runs.record(run.id, [results[0]!])).rejects.toMatchObject({ code: "store.run-not-open" });
});

test("a call without a known price takes nothing from what is known: the record has the sum of the rest, and how many it lacks", async () => {
  const text = notebookText(
    "",
    fence("prompt priced", "---\nmodel: openai/gpt-5-mini\n---\nWhat is known"),
    fence("prompt unpriced", "---\nmodels: [openai/nobody-knows, openai/nobody-else]\n---\nWhat is not"),
  );
  const session = await workspace.open(text, { path: "unpriced.md" });
  const { money } = await session.run({ type: "stale" }).done;
  const [recorded] = await workspace.runtime.store.runs.list("unpriced.md", 10);
  expect(recorded!.end).toMatchObject({ callsMade: 3, cost: money.cost, unpriced: 2 });
  expect(money.cost).toBeGreaterThan(0);
});

test("the record of a run has the versions of the dataset files it read", async () => {
  await mkdir(datasetPath(workspace, ""), { recursive: true });
  const write = (rows: string): Promise<void> => writeFile(datasetPath(workspace, "words.csv"), `word\n${rows}`);
  await write("one\n");
  const session = await workspace.open(
    notebookText(
      "",
      fence("data words", "---\nfile: words.csv\n---"),
      fence("sql long", "from 'words.csv'"),
      fence("sql gone", "from 'gone.csv'"),
    ),
    { path: "data.md" },
  );
  const versions = async (): Promise<unknown> => {
    await session.run({ type: "stale" }).done;
    const [recorded] = await workspace.runtime.store.runs.list("data.md", 1);
    return (recorded!.versions as { readonly data: unknown }).data;
  };
  const first = await workspace.runtime.tables.fileVersion("words.csv");
  expect(await versions()).toEqual({ "words.csv": first });
  // The file is another one when the run begins, and nobody has looked at it.
  await write("one\ntwo\n");
  const second = await workspace.runtime.tables.fileVersion("words.csv");
  expect(second).not.toBe(first);
  expect(await versions()).toEqual({ "words.csv": second });
});

describe("events", () => {
  test("are numbered from 1, say when it begins and ends, and of sheets which rows changed and never all rows", async () => {
    const seen: RunEvent[] = [];
    const session = await workspace.open(notebook.replaceAll("openai/gpt-5-mini", "server/small"));
    const run = session.run({ type: "stale" }, { onEvent: (event) => void seen.push(event) });
    await run.done;
    expect(seen.map(({ sequence }) => sequence)).toEqual(seen.map((_, index) => index + 1));
    expect(new Set(seen.map(({ version, run: id }) => `${version} ${id}`))).toEqual(new Set([`1 ${run.id}`]));
    expect([seen[0]!.type, seen.at(-1)]).toMatchObject(["run-start", { type: "run-end", outcome: "done" }]);
    expect(seen.filter(({ type }) => type === "rows").map((event) => ({ ...event, sequence: 0 }))).toMatchObject([
      { node: "triage.topic", from: 0, to: 2 },
      { node: "triage.correct", from: 0, to: 2 },
    ]);
    expect(seen.filter((event) => event.type === "result").map(({ address }) => address.cell)).not.toContain(
      "triage.topic",
    );
  });

  test("can be read again from a sequence, those to come included", async () => {
    workspace.script = (prompt) => ({ text: prompt, hold: true });
    const session = await workspace.open(
      notebookText("", fence("prompt one", "---\nmodel: server/small\n---\nasked late")),
    );
    const run = session.run({ type: "stale" });
    await workspace.server.until((server) => server.inFlight().length === 1);
    const late = Array.fromAsync(run.events(1));
    workspace.server.release();
    await run.done;
    const all = await Array.fromAsync(run.events());
    expect(await late).toEqual(all.slice(1));
    expect(all.at(-1)).toMatchObject({ type: "run-end" });
    expect(await Array.fromAsync(run.events(all.length))).toEqual([]);
    workspace.script = null;
  });

  test("a failed cell is an event with its error and its place, and text is told as it streams", async () => {
    workspace.script = (prompt) =>
      prompt === "broken" ? { text: "overloaded", status: 400 } : { text: ["a", "b", "c"] };
    const session = await workspace.open(
      notebookText(
        "",
        fence("prompt broken", "---\nmodel: server/small\n---\nbroken"),
        fence("prompt fine", "---\nmodel: server/small\n---\nfine"),
        fence("template wrong", "{{ nothing_here }}"),
      ),
    );
    const run = session.run({ type: "stale" });
    await run.done;
    const events = await Array.fromAsync(run.events());
    expect(events.filter((event) => event.type === "result" && event.outcome === "error")).toMatchObject([
      { address: { cell: "broken" }, error: { code: expect.stringMatching(/^model\./) as string } },
    ]);
    expect(events.flatMap((event) => (event.type === "text" ? [event.text] : []))).toContain("abc");
    expect(session.diagnostics).toMatchObject([{ cell: "wrong", position: { line: 20, column: 4 } }]);
    workspace.script = null;
  });
});
