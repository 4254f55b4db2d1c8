import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CallEnd, Journal } from "#server/store/journal.ts";
import { openJournal } from "#server/store/open-journal.ts";
import type { CallPlace, CallsPage, CallsQuestion, CostQuestion, ListedCall } from "#server/tables/call-store.ts";
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
  expect(days).toEqual([
    {
      ...{ day, cost: expect.closeTo(cost, 12), calls: 6, failed: 0, unpriced: 0, free: 0, saved: 0, freeUnpriced: 0 },
      ...{ input: 6_000, output: 600, latency: total.latency },
    },
  ]);
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

test("answers that came free are counted apart, with what they would have cost, by all that can be known of them", async () => {
  workspace.script = () => ({ text: "Good day.", usage: { prompt: 1_000, completion: 100 } });
  await run("One");
  const before = (await report()).total;
  const again = await workspace.open(notebook("One"));
  const { id, done } = again.run({ type: "stale" }, { confirm: async () => true });
  await done;
  const { total, days, groups } = await report();
  expect(total).toEqual({ ...before, free: { answers: 3, cost: expect.closeTo(before.cost, 12), unpriced: 0 } });
  expect(days).toMatchObject([{ calls: 3, free: 3, saved: expect.closeTo(before.cost, 12) }]);
  expect(groups.map(({ name, calls, free }) => [name, calls, free.answers])).toEqual([
    ["openai/gpt-5", 1, 1],
    ["openai/gpt-5-mini", 1, 1],
    ["server/small", 1, 1],
  ]);
  const ofRun = await report({ by: "cell", only: { run: id } });
  expect(ofRun.total).toMatchObject({ calls: 0, cost: 0, free: { answers: 3 } });
  expect(ofRun.groups.map(({ name, free }) => [name.split(" ")[1], free.answers])).toEqual([
    ["dear", 2],
    ["cheap", 1],
  ]);
  expect((await report({ by: "provider" })).groups.map(({ name, free }) => [name, free.answers])).toEqual([
    ["openai", 2],
    ["server", 1],
  ]);
  expect((await report({ by: "outcome" })).groups).toMatchObject([{ name: "done", calls: 3, free: { answers: 0 } }]);
  const free = await workspace.runtime.ledger.free({ ...all, only: { run: id } });
  expect(free.map(({ run, cell, model, answers }) => [run, cell, model, answers]).toSorted()).toEqual([
    [id, "cheap", "server/small", 1],
    [id, "dear", "openai/gpt-5", 1],
    [id, "dear", "openai/gpt-5-mini", 1],
  ]);
  await workspace.restart();
  expect((await report()).total.free.answers).toBe(3);
});

test("an equal call in flight is shared, and each who shares it is one that came free", async () => {
  const rows = Array.from({ length: 20 }, (_, index) => index);
  const nested = fence("prompt echo", "---\nmodel: server/small\n---\nAlways {{ row.id - row.id }}");
  const session = await workspace.open(
    notebookText(
      "",
      fence("data items", ["---\nkey: id\n---\nid", ...rows].join("\n")),
      fence("sheet whole", `---\nrows: items\n---\n${nested}`),
    ),
  );
  await session.run({ type: "stale" }, { confirm: async () => true }).done;
  expect((await report()).total).toMatchObject({ calls: 1, free: { answers: 19, cost: 0 } });
});

test("the calls behind a figure are listed newest, dearest or slowest first, page by page, each once", async () => {
  const { journal, ledger } = workspace.runtime;
  const intent = { notebook: "n.md", address: "a{row=1}", step: 0, run: "r", model: "m/m", request: null };
  const end = { endedAt: 0, text: "", usage: { input: 3, output: 1 }, cost: null, price: { source: "test" } } as const;
  const sentAt = 1_000_000;
  for (let index = 0; index < 25; index += 1) {
    const id = await journal.begin({ ...intent, key: String(index), sentAt: sentAt + (index % 10) });
    const cost = index % 5 === 0 ? null : index;
    const state = index % 7 === 0 ? "failed" : "done";
    const error = { code: "model.overloaded", message: "busy" };
    const keyNumber = 1 + (index % 2);
    const failed = state === "failed" ? { error } : {};
    await journal.finish(id, { ...end, state, ...failed, endedAt: sentAt + index * 10, cost, keyNumber });
  }
  const read = async (question: Partial<CallsQuestion>): Promise<readonly ListedCall[]> => {
    const calls: ListedCall[] = [];
    for (let after: CallPlace | null = null; ;) {
      const page: CallsPage = await ledger.list({ ...all, kind: "all", order: "newest", after, limit: 4, ...question });
      calls.push(...page.calls);
      if (page.next === null) return calls;
      after = page.next;
    }
  };
  const newest = await read({});
  expect(new Set(newest.map(({ id }) => id)).size).toBe(25);
  expect(newest.map(({ sentAt }) => sentAt)).toEqual(newest.map(({ sentAt }) => sentAt).toSorted((a, b) => b - a));
  expect((await read({ order: "dearest" })).slice(0, 3).map(({ cost }) => cost)).toEqual([24, 23, 22]);
  expect((await read({ order: "slowest" })).at(0)).toMatchObject({ endedAt: sentAt + 240, cost: 24, keyNumber: 1 });
  expect((await read({ kind: "unpriced" })).every(({ cost }) => cost === null)).toBe(true);
  expect((await read({ kind: "failed" })).map(({ error }) => error)).toEqual(Array(4).fill("model.overloaded"));
  expect(await read({ only: { key: "m 2", outcome: "done" } })).toHaveLength(10);
  expect((await report({ by: "key" })).groups.map(({ name, calls }) => [name, calls])).toEqual([
    ["m 1", 13],
    ["m 2", 12],
  ]);
  expect(await read({ from: sentAt + 5, to: sentAt + 6 })).toHaveLength(2);
});

test("keys are told by what they are, not by their place: one that was replaced, or moved, is not taken for another", async () => {
  const { journal, ledger } = workspace.runtime;
  const intent = { notebook: "n.md", address: "a", step: 0, run: "r", model: "m/m", request: null, sentAt: 1_000 };
  const add = async (cost: number, key: Pick<CallEnd, "keyNumber" | "keyHash">): Promise<void> => {
    const id = await journal.begin({ ...intent, key: `${cost}` });
    const usual = { state: "done", endedAt: 1_001, text: "", usage: {}, price: { source: "test" } } as const;
    await journal.finish(id, { ...usual, cost, ...key });
  };
  await add(64, {});
  await add(32, { keyNumber: 1 });
  await add(16, { keyHash: "aaaaaaaa" });
  await add(8, { keyHash: "bbbbbbbb" });
  await add(4, { keyNumber: 1, keyHash: "bbbbbbbb" });
  await add(2, { keyNumber: 2, keyHash: "aaaaaaaa" });
  await add(1, { keyNumber: 3, keyHash: "cccccccc" });
  await add(0.5, { keyHash: "cccccccc" });
  expect((await report({ by: "key" })).groups.map(({ name, cost, keyNumber }) => [name, cost, keyNumber])).toEqual([
    ["m", 64, null],
    ["m 1", 32, 1],
    ["m aaaaaaaa", 18, 2],
    ["m bbbbbbbb", 12, 1],
    ["m cccccccc", 1.5, null],
  ]);
  const only = { key: "m aaaaaaaa" };
  const { calls } = await ledger.list({ ...all, only, kind: "all", order: "dearest", after: null, limit: 9 });
  expect(calls.map(({ cost, keyNumber, keyHash }) => [cost, keyNumber, keyHash])).toEqual([
    [16, null, "aaaaaaaa"],
    [2, 2, "aaaaaaaa"],
  ]);
});

test("latencies are the percentiles of good answers, without those of batches, which are never the slowest; tokens are told by kind", async () => {
  const { journal, ledger } = workspace.runtime;
  const intent = { notebook: "n.md", address: "a", step: 0, run: "r", model: "m/m", request: null, sentAt: 1_000 };
  const add = async (latency: number, end: Partial<CallEnd> = {}): Promise<void> => {
    const id = await journal.begin({ ...intent, key: `${latency}` });
    const usual = { state: "done", text: "", usage: {}, cost: 1, price: { source: "test" } } as const;
    await journal.finish(id, { ...usual, endedAt: 1_000 + latency, ...end });
  };
  const usage = { input: 10, cachedInput: 4, output: 5, reasoning: 2 };
  for (let each = 0; each <= 100; each += 1) await add(each * 10, { usage });
  for (let each = 0; each < 50; each += 1) await add(21_600_000, { price: { source: "test", batch: 0.5 } });
  await add(600_000, { state: "failed", error: { code: "model.timeout", message: "late" } });
  expect((await report()).total).toMatchObject({
    ...{ calls: 152, latency: { median: 500, p95: 950, p99: 990 } },
    ...{ input: 1_010, cachedInput: 404, output: 505, reasoning: 202 },
  });
  const slowest = await ledger.list({ ...all, kind: "all", order: "slowest", after: null, limit: 2 });
  expect(slowest.calls.map(({ sentAt, endedAt }) => endedAt! - sentAt)).toEqual([600_000, 1_000]);
  expect((await report({ only: { model: "m/none" } })).total.latency).toBeNull();
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

test("a day is that of the clock as it went then, whatever it is now: also in lists, and of what came free", async () => {
  const { journal, ledger } = workspace.runtime;
  const intent = { notebook: "n.md", address: "a", step: 0, run: "r", model: "m/m", request: null };
  const end = { state: "done", endedAt: 0, text: "", usage: {}, cost: 1, price: { source: "test" } } as const;
  const free = { run: "r", notebook: "n.md", cell: "a", model: "m/m", cost: 0, unpriced: 0, input: 0, output: 0 };
  // In Berlin: 10 October 00:30, 25 October 23:30, 26 October 00:30.
  const times = ["2026-10-09T22:30Z", "2026-10-25T22:30Z", "2026-10-25T23:30Z"].map(Date.parse);
  for (const sentAt of times) await journal.finish(await journal.begin({ ...intent, key: "k", sentAt }), end);
  await journal.addFree(times.map((at) => ({ ...free, at, answers: 1 })));
  const changes = [
    { at: Date.parse("2026-03-29T01:00Z"), ahead: 120 },
    { at: Date.parse("2026-10-25T01:00Z"), ahead: 60 },
  ];
  const clock = { ahead: 60, changes };
  const days = ["2026-10-10", "2026-10-25", "2026-10-26"];
  const asked = await report({ ...clock, by: "day" });
  expect(asked.days.map(({ day, calls, free }) => [day, calls, free])).toEqual(days.map((day) => [day, 1, 1]));
  expect(asked.groups.map(({ name }) => name)).toEqual(days);
  const only = { day: days[0]! };
  const page = await ledger.list({ ...all, ...clock, only, kind: "all", order: "newest", after: null, limit: 9 });
  expect(page.calls.map(({ sentAt }) => sentAt)).toEqual([times[0]]);
  expect((await ledger.free({ ...all, ...clock, only })).map(({ answers }) => answers)).toEqual([1]);
});

test("a day alone has its hours, by the clock of the one who asks, each with its calls and what came free", async () => {
  const { journal, ledger } = workspace.runtime;
  const intent = { notebook: "n.md", address: "a", step: 0, run: "r", model: "m/m", request: null };
  const end = { state: "done", endedAt: 0, text: "", usage: {}, cost: 1, price: { source: "test" } } as const;
  const free = { run: "r", notebook: "n.md", cell: "a", model: "m/m", cost: 0, unpriced: 0, input: 0, output: 0 };
  const times = ["2026-10-09T12:10Z", "2026-10-09T12:50Z", "2026-10-09T14:00Z"].map(Date.parse);
  for (const sentAt of times) await journal.finish(await journal.begin({ ...intent, key: "k", sentAt }), end);
  await journal.addFree([{ ...free, at: times[2]!, answers: 5 }]);
  const { hours } = await report({ ahead: 60 });
  expect(hours.map(({ day, calls, cost, free }) => [day, calls, cost, free])).toEqual([
    ["2026-10-09 13:00", 2, 2, 0],
    ["2026-10-09 15:00", 1, 1, 5],
  ]);
  const only = { hour: "2026-10-09 13:00" };
  const page = await ledger.list({ ...all, ahead: 60, only, kind: "all", order: "newest", after: null, limit: 9 });
  expect(page.calls.map(({ sentAt }) => sentAt)).toEqual([times[1], times[0]]);
  await journal.finish(await journal.begin({ ...intent, key: "k", sentAt: times[0]! - 86_400_000 }), end);
  expect((await report({ ahead: 60 })).hours).toEqual([]);
});

test("a day says how many of its calls and free answers are of a price that nobody knows", async () => {
  workspace.script = () => ({ text: "Good day.", usage: { prompt: 1_000, completion: 100 } });
  const text = notebookText(
    "",
    fence("prompt who", "---\nmodels: [openai/nobody-knows, openai/gpt-5-mini]\n---\nHello"),
  );
  for (const _ of ["called", "free"]) {
    const session = await workspace.open(text);
    await session.run({ type: "stale" }, { confirm: async () => true }).done;
  }
  const { total, days } = await report();
  expect(days).toEqual([
    {
      day: new Date().toISOString().slice(0, 10),
      ...{ calls: 2, failed: 0, cost: total.cost, unpriced: 1, free: 2, saved: total.free.cost, freeUnpriced: 1 },
      ...{ input: 2_000, output: 200, latency: total.latency },
    },
  ]);
  expect(total.cost).toBeGreaterThan(0);
  expect((await report({ only: { model: "openai/nobody-knows" } })).days).toMatchObject([
    { cost: 0, unpriced: 1, saved: 0, freeUnpriced: 1 },
  ]);
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
  const ledger = createCallLedger(journal, tables.calls, { flush: async () => {} });
  expect((await ledger.report(all)).total).toMatchObject({ calls: 5_101, failed: 1, unpriced: 1, cost: 5_100 });
  await journal.finish(open, end);
  expect((await ledger.report(all)).total).toMatchObject({ calls: 5_101, failed: 0, cost: 5_101 });
  expect((await tables.calls.through()).call!.id).toBe(others.at(-1));
});

test("a call that another process left without an end is counted as what it came to when it ends after all, whatever was copied since", async () => {
  const { journal } = workspace.runtime;
  const intent = { notebook: "n.md", address: "a", step: 0, run: "r", model: "m/m", request: null, sentAt: 100 };
  const end = { state: "done", endedAt: Date.now(), text: "", usage: {}, cost: 7, price: { source: "test" } } as const;
  const left = await journal.begin({ ...intent, key: "left" });
  const dead = await journal.begin({ ...intent, key: "dead" });
  expect((await report()).total).toMatchObject({ calls: 2, unpriced: 2, cost: 0 });
  await journal.finish(left, end);
  await journal.finish(await journal.begin({ ...intent, key: "new" }), { ...end, cost: 1 });
  expect((await report()).total).toMatchObject({ calls: 3, unpriced: 1, cost: 8 });
  await workspace.restart();
  await workspace.runtime.journal.finish(dead, { ...end, cost: 2 });
  expect((await report()).total).toMatchObject({ calls: 3, unpriced: 0, cost: 10 });
});

test("the copy is made again when an older journal was put back beside it, also where new calls have the ids of those that are lost", async () => {
  const { journal: lost, tables } = workspace.runtime;
  const kept = await openJournal({ folder: workspace.folder, workspace: "local" });
  const intent = { notebook: "n.md", address: "a", step: 0, model: "m/m", request: null, key: "k" };
  const end = { state: "done", endedAt: 9, text: "", usage: {}, price: { source: "test" } } as const;
  const add = async (journal: Journal, run: string, cost: number): Promise<void> => {
    await journal.finish(await journal.begin({ ...intent, run, sentAt: 1 }), { ...end, cost });
  };
  const total = async (journal: Journal) => {
    const ledger = createCallLedger(journal, tables.calls, { flush: async () => {} });
    const { calls, cost } = (await ledger.report(all)).total;
    return [calls, cost];
  };
  for (const journal of [lost, kept]) await add(journal, "before", 1);
  for (const run of ["lost", "lost"]) await add(lost, run, 5);
  expect(await total(lost)).toEqual([3, 11]);
  expect(await total(kept)).toEqual([1, 1]);
  expect(await total(lost)).toEqual([3, 11]);
  for (const run of ["new", "new", "new"]) await add(kept, run, 2);
  expect(await total(kept)).toEqual([4, 7]);
  await kept.close();
});

test("the copy is made again when what came free alone tells the journal from the one it was made of", async () => {
  const { journal, tables } = workspace.runtime;
  const free = { run: "r", notebook: "n.md", cell: "a", model: "m/m", cost: 0, unpriced: 0, input: 0, output: 0 };
  const answers = async (journal: Journal) => {
    const ledger = createCallLedger(journal, tables.calls, { flush: async () => {} });
    return (await ledger.report(all)).total.free.answers;
  };
  const kept = await openJournal({ folder: workspace.folder, workspace: "local" });
  await journal.addFree([{ ...free, at: 1, answers: 10 }]);
  await kept.addFree([
    { ...free, at: 2, answers: 20 },
    { ...free, at: 3, answers: 30 },
  ]);
  expect([await answers(journal), await answers(kept), await answers(journal)]).toEqual([10, 50, 10]);
  await kept.close();
});
