import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CostQuestion } from "#server/tables/call-store.ts";
import { createCallLedger } from "./call-ledger.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => void (workspace = await testWorkspace()));
afterEach(() => workspace[Symbol.asyncDispose]());

const all: CostQuestion = { from: 0, to: Number.MAX_SAFE_INTEGER, by: "model", ahead: 0, only: {} };
const report = (question: Partial<CostQuestion> = {}) => workspace.runtime.ledger.report({ ...all, ...question });

const notebook = (word: string) =>
  notebookText(
    "",
    fence("prompt cheap", `---\nmodel: server/small\n---\n${word} cheap`),
    fence("prompt dear", `---\nmodels: [openai/gpt-5-mini, openai/gpt-5]\n---\n${word} dear`),
  );
async function run(word: string): Promise<string> {
  const session = await workspace.open(notebook(word));
  const { id, done } = session.run({ type: "stale" }, { confirm: async () => true });
  await done;
  return id;
}

test("calls come to what the journal says, by model, cell, notebook, run and day", async () => {
  workspace.script = () => ({ text: "Good day.", usage: { prompt: 1_000, completion: 100 } });
  const first = await run("One");
  await run("Two");
  const calls = await workspace.runtime.journal.list({ limit: 100 });
  const cost = calls.reduce((sum, { end }) => sum + (end!.cost ?? 0), 0);
  const { total, groups, days } = await report();
  expect(total).toMatchObject({ calls: 6, failed: 0, unpriced: 0, input: 6_000, output: 600 });
  expect(total.cost).toBeCloseTo(cost, 12);
  expect(total.latency!.p95).toBeGreaterThanOrEqual(total.latency!.median);
  expect(groups.map(({ name, calls }) => [name, calls])).toEqual([
    ["openai/gpt-5", 2],
    ["openai/gpt-5-mini", 2],
    ["server/small", 2],
  ]);
  const day = new Date().toISOString().slice(0, 10);
  expect(days).toEqual([{ day, cost: expect.closeTo(cost, 12), calls: 6, failed: 0 }]);
  expect((await report({ by: "cell" })).groups.map(({ name }) => name.split(" ")[1])).toEqual([
    "dear",
    "dear",
    "cheap",
    "cheap",
  ]);
  const runs = await report({ by: "run", only: { model: "openai/gpt-5" } });
  expect([runs.groupCount, runs.total.calls]).toEqual([2, 2]);
  expect((await report({ only: { run: first } })).total.calls).toBe(3);
  expect((await report({ from: Date.now() + 60_000 })).total).toMatchObject({ calls: 0, cost: 0, latency: null });
});

test("days are those of the one who asks", async () => {
  await run("Now");
  const noon = new Date().setUTCHours(12, 0, 0, 0);
  const days = async (ahead: number) => (await report({ by: "day", ahead })).groups.map(({ name }) => name);
  const utc = await days(0);
  expect(utc).toEqual([new Date().toISOString().slice(0, 10)]);
  const other = Date.now() < noon ? -12 * 60 : 12 * 60;
  expect(await days(other)).not.toEqual(utc);
});

test("failures are counted by what they were, and calls of which nobody knows the price are said", async () => {
  workspace.script = () => ({ text: "no such parameter", status: 400 });
  await run("Wrong");
  const failed = await report({ by: "outcome" });
  expect(failed.groups.map(({ name, calls, failed }) => [name, calls, failed])).toEqual([["model.bad-request", 3, 3]]);
  workspace.script = null;
  const session = await workspace.open(
    notebookText("", fence("prompt who", "---\nmodel: openai/nobody-knows\n---\nHello")),
  );
  await session.run({ type: "stale" }, { confirm: async () => true }).done;
  expect((await report({ only: { model: "openai/nobody-knows" } })).total).toMatchObject({
    calls: 1,
    unpriced: 1,
    cost: 0,
  });
});

test("the copy is made again when the cache was deleted, and goes on where it was after a restart", async () => {
  await run("One");
  expect((await report()).total.calls).toBe(3);
  await workspace.restart();
  await run("Two");
  expect((await report()).total.calls).toBe(6);
  await workspace.runtime.close();
  await rm(join(workspace.folder, ".sheaf/cache"), { recursive: true });
  await workspace.restart();
  expect((await report()).total.calls).toBe(6);
});

test("a call that is under way is counted, and what it came to when it has ended; thousands after it are copied meanwhile", async () => {
  const { journal, tables } = workspace.runtime;
  const intent = { notebook: "n.md", address: "a", step: 0, run: "r", model: "m/m", request: null, sentAt: Date.now() };
  const end = { state: "done", endedAt: Date.now(), text: "", usage: {}, cost: 1, price: { source: "test" } } as const;
  const open = await journal.begin({ ...intent, key: "open" });
  const others = await Promise.all(
    Array.from({ length: 5_100 }, (_, index) => journal.begin({ ...intent, key: String(index) })),
  );
  await Promise.all(others.map((id) => journal.finish(id, end)));
  const ledger = createCallLedger(journal, tables.calls, Date.now() - 60_000);
  expect((await ledger.report(all)).total).toMatchObject({ calls: 5_101, failed: 1, cost: 5_100 });
  await journal.finish(open, end);
  expect((await ledger.report(all)).total).toMatchObject({ calls: 5_101, failed: 0, cost: 5_101 });
  expect(await tables.calls.through()).toBe(others.at(-1));
});
