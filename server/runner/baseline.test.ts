import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseBaseline } from "#server/notebook/parse-baseline.ts";
import { printBaseline } from "#server/notebook/print-baseline.ts";
import { baselinePath, readBaseline } from "./baseline-file.ts";
import { compareBaseline } from "./compare-baseline.ts";
import type { Session } from "./session.ts";
import { takeBaseline } from "./take-baseline.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const sheet = (column: string, ...more: readonly string[]): string =>
  fence("sheet triage", ["---\nrows: tickets\nkey: id\n---", column, ...more].join("\n"));
const correct = fence("score correct", "---\noutput: =topic\nexpected: =row.wanted\n---\n- equals");
const notebook = (prompt: string, columns = [correct]): string =>
  notebookText(
    "",
    fence("data tickets", "---\nkey: id\n---\nid,text,wanted\n1,one,ONE\n2,two,TWO\n3,three,THREE\n4,four,four"),
    sheet(fence("prompt topic", `---\nmodel: echo/upper\n---\n${prompt}`), ...columns),
    fence("test gate", "mean(triage.correct) >= 0.75"),
  );
const all = async (session: Session): Promise<void> => void (await session.run({ type: "stale" }).done);
const taken = async (session: Session, cell?: string): Promise<string> =>
  printBaseline((await takeBaseline(session, workspace.runtime, cell)).baseline);
const line = (text: string, address: string) => parseBaseline(text).lines.find((one) => one.address === address);

test("after an edit of the prompt and a run the regressions are named, with the difference of the scores", async () => {
  const session = await workspace.open(notebook("{{ row.text }}"));
  await all(session);
  const before = parseBaseline(await taken(session));
  expect((await compareBaseline(before, session, workspace.runtime)).cells.every(({ counts }) => counts.same > 0)).toBe(
    true,
  );
  await session.setText(notebook("{{ row.text if row.id != 2 else 'no idea' }}"));
  await all(session);
  const found = await compareBaseline(before, session, workspace.runtime);
  expect(found.changes.map(({ address, change }) => [address, change])).toEqual([
    ["gate", "worse"],
    ["triage.correct{triage=2}", "worse"],
    ["triage.topic{triage=2}", "changed"],
  ]);
  expect(found).toMatchObject({ verdict: "fail", differs: ["the notebook's text"] });
  expect(found.scores).toMatchObject([
    { cell: "triage.correct", n: 4, of: 4, then: 0.75, now: 0.5, difference: -0.25, verdict: "neither" },
  ]);
});

test("until the run all that is stale is open, and nothing is sent to compare it", async () => {
  const session = await workspace.open(notebook("{{ row.text }}").replaceAll("echo/upper", "server/small"));
  await all(session);
  const before = parseBaseline(await taken(session));
  await session.setText(notebook("Hi {{ row.text }}").replaceAll("echo/upper", "server/small"));
  workspace.sent();
  const found = await compareBaseline(before, session, workspace.runtime);
  expect(found.verdict).toBe("open");
  expect(found.cells.map(({ cell, counts }) => [cell, counts.same, counts.open])).toEqual([
    ["gate", 0, 1],
    ["tickets", 1, 0],
    ["triage.correct", 0, 4],
    ["triage.topic", 0, 4],
  ]);
  await expect(takeBaseline(session, workspace.runtime)).resolves.toMatchObject({
    left: { stale: 9, never: 0, unfinished: 0, sheets: [] },
  });
  expect(workspace.sent()).toEqual([]);
  // The edit taken back, all is as it was.
  await session.setText(notebook("{{ row.text }}").replaceAll("echo/upper", "server/small"));
  expect(await compareBaseline(before, session, workspace.runtime)).toMatchObject({
    verdict: "pass",
    changes: [],
    differs: [],
  });
});

test("is the same bytes after a restart, and when the results come from another run over the journal", async () => {
  const path = "again.md";
  const session = await workspace.open(notebook("{{ row.text }}!"), { path });
  await all(session);
  const first = await taken(session);
  await workspace.restart();
  expect(await taken(await workspace.open(notebook("{{ row.text }}!"), { path }))).toBe(first);
  const other = await workspace.open(notebook("{{ row.text }}!"), { path: "other.md" });
  await all(other);
  expect(await taken(other)).toBe(first);
});

test("has the cost of each result's calls, whoever paid them, of repeats with the cell they are made into", async () => {
  const repeated = fence(
    "prompt topic",
    "---\nmodel: openai/gpt-5-mini\nrepeat: 2\nreduce: majority\n---\n{{ row.text }} twice",
  );
  const plain = fence("prompt alone", "---\nmodel: openai/gpt-5-mini\nrepeat: 2\nreduce: majority\n---\ntwice");
  const text = notebookText("", fence("data tickets", "---\nkey: id\n---\nid,text\n1,one"), plain, sheet(repeated));
  const session = await workspace.open(text);
  await all(session);
  const again = await workspace.open(text);
  await all(again);
  const found = await taken(again);
  expect(found).toBe(await taken(session));
  const { end } = (await workspace.runtime.store.runs.list(session.state.path, 1))[0]!;
  const costs = parseBaseline(found).lines.flatMap(({ cost }) => cost ?? []);
  expect(costs).toHaveLength(2);
  expect(costs.reduce((sum, cost) => sum + cost, 0)).toBeCloseTo(end!.cost!, 12);
  expect(end!.cost).toBeGreaterThan(0);
  expect(line(found, "triage.topic{triage=1}")).toMatchObject({ tokens: [expect.any(Number), expect.any(Number)] });
  expect(parseBaseline(found).header).toMatchObject({
    answered: [expect.stringContaining("gpt-5-mini")],
    models: { "openai/gpt-5-mini": expect.stringMatching(/^[0-9a-f]{12}$/) },
    prices: expect.stringContaining("genai-prices"),
  });
});

test("has what people locked, entered and edited as theirs, without calls of what is below", async () => {
  const session = await workspace.open(
    notebookText(
      "",
      fence("prompt topic", "---\nmodel: echo/text\n---\nhello"),
      fence("label right", "type: boolean"),
      fence("template after", "{{ topic }}"),
    ),
  );
  await all(session);
  await session.note(
    { address: "topic", type: "locked", value: { type: "string", value: "bye" } },
    { address: "right", type: "label", value: true },
  );
  const found = await taken(session);
  expect(line(found, "topic")).toEqual({
    address: "topic",
    value: expect.any(String),
    override: "locked",
    outcome: "ok",
  });
  expect(line(found, "right")).toMatchObject({ override: "edited" });
  expect(line(found, "after")).toBeUndefined();
});

test("has errors, what they block and what was skipped as what they are; what never ran is left out and counted", async () => {
  const session = await workspace.open(
    notebookText(
      "",
      fence("js broken", "throw new Error('no')"),
      fence("template after", "{{ broken }}"),
      fence("template never", "---\nwhen: =1 > 2\n---\nx"),
      fence("prompt asked", "---\nmodel: echo/text\n---\nhello"),
      fence("test open", "broken == 1"),
    ),
  );
  await session.run({ type: "cells", cells: ["after", "never", "open"] }).done;
  const { baseline, failed, left } = await takeBaseline(session, workspace.runtime);
  expect(baseline.lines.map(({ address, outcome, value }) => [address, outcome, value]).toSorted()).toEqual([
    ["after", "blocked", undefined],
    ["broken", "error", undefined],
    ["never", "skipped", undefined],
    ["open", "blocked", undefined],
  ]);
  expect({ failed, left }).toEqual({ failed: 3, left: { stale: 0, never: 1, unfinished: 0, sheets: [] } });
});

test("leaves out a test that is open, what was stopped and what that blocks, as open", async () => {
  workspace.script = (text) => (text === "stuck" ? { text: "", hang: "at-once" } : `<${text}>`);
  const session = await workspace.open(
    notebookText(
      "",
      fence("data tickets", "---\nkey: id\n---\nid\n1\n2"),
      sheet(fence("js long", "return row.id")),
      fence("prompt greeting", "---\nmodel: server/small\n---\nstuck"),
      fence("template letter", "{{ greeting }}!"),
      fence("test open", "mean(triage.long) == 1"),
    ),
  );
  const run = session.run({ type: "stale" }, { everySheet: { type: "first", count: 1 } });
  await workspace.server.until((server) => server.inFlight().length === 1);
  run.cancel({ cell: "greeting" });
  await run.done;
  workspace.script = null;
  expect(session.shown("open")?.value).toMatchObject({ value: { verdict: "open" } });
  const { baseline, left } = await takeBaseline(session, workspace.runtime);
  expect(baseline.lines.map(({ address }) => address).toSorted()).toEqual(["tickets", "triage.long{triage=1}"]);
  expect(left).toMatchObject({ never: 1, stale: 2, unfinished: 1 });
});

test("leaves out a test that is current and open", async () => {
  const session = await workspace.open(
    notebookText(
      "",
      fence("data tickets", "---\nkey: id\n---\nid\n1\n2"),
      sheet(fence("js long", "return row.id")),
      fence("test whole", "triage[1].long == 2"),
    ),
  );
  await session.run({ type: "stale" }, { everySheet: { type: "first", count: 1 } }).done;
  expect(session.freshness().get("whole")).toEqual({ state: "current" });
  expect(session.shown("whole")?.value).toMatchObject({ value: { verdict: "open" } });
  const { baseline, left } = await takeBaseline(session, workspace.runtime);
  expect(baseline.lines.map(({ address }) => address)).not.toContain("whole");
  expect(left).toMatchObject({ never: 1, unfinished: 1 });
});

describe("one cell", () => {
  test("alone is what its baseline is about, and later ones of other cells are not new to it", async () => {
    const session = await workspace.open(notebook("{{ row.text }} alone"));
    await all(session);
    const text = await taken(session, "triage.correct");
    expect(new Set(parseBaseline(text).lines.map(({ address }) => address.replace(/\{.*/, "")))).toEqual(
      new Set(["triage.correct"]),
    );
    const { cells } = await compareBaseline(parseBaseline(text), session, workspace.runtime);
    expect(cells).toMatchObject([{ cell: "triage.correct", counts: { same: 4, new: 0 } }]);
    expect(
      new Set(parseBaseline(await taken(session, "triage")).lines.map(({ address }) => address.replace(/\{.*/, ""))),
    ).toEqual(new Set(["triage.correct", "triage.topic"]));
  });

  test("that has another name is missing, and new under that", async () => {
    const session = await workspace.open(notebook("{{ row.text }}"));
    await all(session);
    const before = parseBaseline(await taken(session));
    await session.setText(notebook("{{ row.text }}").replaceAll("topic", "subject"));
    await all(session);
    const { cells } = await compareBaseline(before, session, workspace.runtime);
    const counts = new Map(cells.map(({ cell, counts }) => [cell, counts]));
    expect(counts.get("triage.topic")).toMatchObject({ missing: 4 });
    expect(counts.get("triage.subject")).toMatchObject({ new: 4 });
    expect(counts.get("triage.correct")).toMatchObject({ same: 4 });
  });
});

test("rows that are not there any more are missing, and those that came are new", async () => {
  const session = await workspace.open(notebook("{{ row.text }}"));
  await all(session);
  const before = parseBaseline(await taken(session));
  await session.setText(notebook("{{ row.text }}").replace("4,four,four", "5,five,FIVE"));
  await all(session);
  const { cells, changes } = await compareBaseline(before, session, workspace.runtime);
  expect(cells.find(({ cell }) => cell === "triage.correct")?.counts).toMatchObject({ same: 3, missing: 1, new: 1 });
  expect(changes.find(({ change }) => change === "missing")?.address).toBe("triage.correct{triage=4}");
});

test("a sheet whose rows are not there leaves all that its baseline has of it open", async () => {
  const session = await workspace.open(notebook("{{ row.text }}"));
  await all(session);
  const before = parseBaseline(await taken(session));
  const fresh = await workspace.open(notebook("{{ row.text }}"));
  const { cells, verdict } = await compareBaseline(before, fresh, workspace.runtime);
  expect(verdict).toBe("open");
  expect(cells.every(({ counts }) => counts.same === 0 && counts.missing === 0)).toBe(true);
  await expect(takeBaseline(fresh, workspace.runtime)).rejects.toMatchObject({ code: "baseline.nothing" });
});

test("a scored answer that rows share is one observation, as it is for `paired`", async () => {
  const shared = notebook("the same for all");
  const session = await workspace.open(shared);
  await all(session);
  const lines = parseBaseline(await taken(session, "triage.correct")).lines;
  expect(new Set(lines.map(({ calls }) => calls)).size).toBe(1);
  expect(lines[0]!.calls).toMatch(/^[0-9a-f]{12}$/);
});

describe("the file", () => {
  test("stands beside the notebook, is read anew each time, and a broken one says its line", async () => {
    const file = join(workspace.folder, "kept.md");
    expect(baselinePath(file)).toBe(join(workspace.folder, "kept.baseline.jsonl"));
    expect(await readBaseline(file)).toBeNull();
    const session = await workspace.open(notebook("{{ row.text }} kept"));
    await all(session);
    const text = await taken(session);
    await writeFile(baselinePath(file), text);
    expect(await readBaseline(file)).toEqual(parseBaseline(text));
    await writeFile(baselinePath(file), text.replace("\n", "\n<<<<<<< HEAD\n"));
    await expect(readBaseline(file)).rejects.toMatchObject({
      code: "baseline.conflict",
      message: "kept.baseline.jsonl, line 2: a merge left both sides of a conflict in this baseline",
    });
    await mkdir(baselinePath(join(workspace.folder, "folder.md")));
    await expect(readBaseline(join(workspace.folder, "folder.md"))).rejects.toMatchObject({
      code: "baseline.folder",
      message: "folder.baseline.jsonl is a folder, and no baseline",
      cure: "Give it another name; `sheaf baseline` writes the file.",
    });
  });
});
