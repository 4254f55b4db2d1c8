import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { batchServer, type BatchServer } from "#server/models/batches/__fixtures__/batch-server.ts";
import { playOpenAIBatches, type PlayedBatches } from "#server/models/batches/__fixtures__/openai-batches.ts";
import { createPrices } from "#server/models/prices.ts";
import { batchesAt } from "./__fixtures__/batches-at.ts";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let server: BatchServer;
let provider: PlayedBatches;
let from: number;
let workspace: TestWorkspace;
const wasAsked = () => server.asked.slice(from).map(({ line }) => line);

beforeAll(async () => void (server = await batchServer()));
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  provider = playOpenAIBatches();
  server.answers = provider.answer;
  from = server.asked.length;
  workspace = await testWorkspace({ fetch: batchesAt(server) });
});
afterEach(() => workspace[Symbol.asyncDispose]());

const path = "greetings.md";
const notebook = notebookText(
  "",
  fence("data people", "---\nkey: name\n---\nname\nAda\nBo\nCy"),
  fence(
    "sheet mail",
    [
      "---\nrows: people\n---",
      fence("prompt greeting", "---\nmodel: openai/gpt-5-mini\n---\nGreet {{ row.name }}"),
      fence("template letter", "{{ greeting }}!"),
    ].join("\n"),
  ),
  fence("sql letters", "select letter from mail where letter is not null order by letter"),
);
const firstTwo = { everySheet: { type: "first", count: 2 }, confirm: async () => true } as const;
const ledger = async () =>
  (await workspace.runtime.ledger.report({ from: 0, to: Number.MAX_SAFE_INTEGER, by: "model", ahead: 0, only: {} }))
    .total;

test("a run can leave its calls to a batch: it waits over a restart, and goes on with the rows that waited, for half the price", async () => {
  const session = await workspace.open(notebook, { path });
  const report = await session.run({ type: "stale" }, { ...firstTwo, batch: true }).done;
  expect([report.outcome, report.money.made]).toEqual(["waiting", 0]);
  expect(workspace.sent()).toEqual([]);
  expect(provider.batches.map((lines) => lines.map(({ body }) => body.messages.at(-1)!.content))).toEqual([
    ["Greet Ada", "Greet Bo"],
  ]);
  const waits = await workspace.runtime.store.waits.list(path);
  expect(waits.map(({ address, reason }) => [address, reason])).toEqual([["mail.greeting", "batch"]]);
  await expect(session.resume("mail.greeting", true)).rejects.toMatchObject({
    code: "resume.not-yet",
    message: expect.stringContaining("the provider has 1 of 2") as string,
  });
  expect(await ledger()).toMatchObject({ calls: 0 });

  // What it will answer is not paid for a second time.
  expect((await session.run({ type: "stale" }, firstTwo).done).outcome).toBe("waiting");
  await workspace.restart();
  const meanwhile = await workspace.open(notebook, { path });
  expect((await meanwhile.run({ type: "stale" }, { ...firstTwo, batch: true }).done).outcome).toBe("waiting");
  expect([workspace.sent(), provider.batches.length]).toEqual([[], 1]);
  provider.ended = true;
  const again = await workspace.open(notebook, { path });
  const resumed = await again.resume("mail.greeting", true, { confirm: async () => true });
  expect((await resumed.done).outcome).toBe("done");
  expect([workspace.sent(), provider.batches.length]).toEqual([[], 1]);
  const table = again.shown("letters")!.value;
  expect(table?.type === "table" && table.value.rows).toEqual([["<Greet Ada>!"], ["<Greet Bo>!"]]);
  expect(await workspace.runtime.store.waits.list(path)).toEqual([]);

  const model = workspace.runtime.models.chatModel("openai/gpt-5-mini");
  const { cost } = await createPrices()(model, { input: 100_000, output: 10_000 }, 1_711_493_163_000, "gpt-5-mini");
  expect(await ledger()).toMatchObject({ calls: 2, cost: expect.closeTo(cost!, 12) as number, free: { answers: 0 } });
  const [call] = await workspace.runtime.journal.list({ limit: 1 });
  expect(call).toMatchObject({
    ...{
      notebook: path,
      run: expect.any(String) as string,
      address: expect.stringContaining("mail.greeting{mail=") as string,
    },
    end: {
      ...{ state: "done", price: { batch: 0.5 }, requestId: "r", response: { object: "chat.completion" } },
      keyHash: model.keyHash!.slice(0, 8),
    },
  });
});

test.each(["never", "1s"])(
  "what a batch answered is taken whatever the age is: with `cache: %s` nothing is sent or asked about again",
  async (cache) => {
    const text = notebook.replace("model: openai/gpt-5-mini\n", `model: openai/gpt-5-mini\ncache: ${cache}\n`);
    const session = await workspace.open(text, { path });
    await session.run({ type: "stale" }, { ...firstTwo, batch: true }).done;
    expect((await session.run({ type: "stale" }, firstTwo).done).outcome).toBe("waiting");
    provider.ended = true;
    workspace.ahead += 60_000;
    const resumed = await session.resume("mail.greeting", true);
    const { outcome, estimate, money } = await resumed.done;
    expect([outcome, estimate?.calls, money.made, workspace.sent()]).toEqual(["done", 0, 0, []]);
    expect(await ledger()).toMatchObject({ calls: 2 });
  },
);

test("a batch's answers are kept as the provider gave them, with their texts said once", async () => {
  provider.say = (text) => `${text} `.repeat(40).trim();
  const session = await workspace.open(notebook, { path });
  await session.run({ type: "stale" }, { ...firstTwo, batch: true }).done;
  provider.ended = true;
  await (
    await session.resume("mail.greeting", true, { confirm: async () => true })
  ).done;
  const [call] = await workspace.runtime.journal.list({ limit: 1 });
  expect(call!.end!.text).toMatch(/^(Greet \w+ ?){40}$/);
  expect(call!.end!.response).toMatchObject({
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: { same_as: "text" } } }],
    usage: { prompt_tokens: 100_000, prompt_tokens_details: { cached_tokens: 0 } },
  });
});

test("hits of rows are put in order by a batch as answers are", async () => {
  provider.say = () => "[2, 1]";
  const search = "from: help\nquery: =row.q\nk: 2\nmode: keyword\nrerank: openai/gpt-5-mini";
  const help = "---\nkey: id\n---\nid,text\na,a card is lost and a card is late\nb,a card that was ordered is green";
  const text = notebookText(
    "",
    fence("data help", help),
    fence("data asked", "q\ncard lost\ncard late"),
    fence(
      "sheet each",
      ["---\nrows: asked\n---", fence("retrieve found", search), fence("template best", "{{ found[0].id }}")].join(
        "\n",
      ),
    ),
    fence("sql firsts", "select best from each"),
  );
  const session = await workspace.open(text, { path });
  const everything = { confirm: async () => true } as const;
  expect((await session.run({ type: "stale" }, { ...everything, batch: true }).done).outcome).toBe("waiting");
  expect([workspace.sent(), provider.batches.map((lines) => lines.length)]).toEqual([[], [2]]);
  provider.ended = true;
  expect((await (await session.resume("each.found", true, everything)).done).outcome).toBe("done");
  expect([workspace.sent(), provider.batches.length]).toEqual([[], 1]);
  const table = session.shown("firsts")!.value;
  expect(table?.type === "table" && table.value.rows).toEqual([["b"], ["b"]]);
});

describe("what a batch answers is kept as long as its cell says, from when it is collected", () => {
  const hour = 60 * 60_000;
  const go = { confirm: async () => true } as const;
  const keeping = (keep: string): string =>
    notebookText("", fence("prompt one", `---\nmodel: openai/gpt-5-mini\nkeep: ${keep}\n---\nHello`));

  /** A batch is collected after some hours, and the removal of the start or the hour comes before its result goes on. */
  async function collected(keep: string, after = 23): Promise<void> {
    const session = await workspace.open(keeping(keep), { path });
    await session.run({ type: "stale" }, { ...go, batch: true }).done;
    provider.ended = true;
    workspace.ahead = after * hour;
    const [wait] = await workspace.runtime.store.waits.list(path);
    const signal = new AbortController().signal;
    expect((await workspace.runtime.batches.collect(wait!.subject, signal)).state).toBe("collected");
  }

  test.each(["never", "12h"])(
    "and with `keep: %s` for a day at least, so that nothing is paid for twice",
    async (keep) => {
      await collected(keep);
      const { retention, journal } = workspace.runtime;
      workspace.ahead = 46 * hour;
      expect(await retention.apply()).toBe(0);
      const session = await workspace.open(keeping(keep), { path });
      await session.run({ type: "stale" }, go).done;
      expect([shown(session, "one"), workspace.sent(), await ledger()]).toMatchObject(["<Hello>", [], { calls: 1 }]);
      workspace.ahead = 48 * hour;
      expect(await retention.apply()).toBe(1);
      expect(await journal.list({ limit: 9 })).toMatchObject([{ request: null, end: { text: null } }]);
    },
  );

  test("and as long as the workspace keeps it where `keep` is empty", async () => {
    await collected("~");
    workspace.ahead = 1_000 * hour;
    expect(await workspace.runtime.retention.apply()).toBe(0);
    expect(await workspace.runtime.journal.list({ limit: 9 })).toMatchObject([{ end: { text: "<Hello>" } }]);
  });

  test("and as many days as the workspace says, from then too", async () => {
    const { retention } = workspace.runtime;
    await collected("~", 40);
    await retention.keepFor(1);
    workspace.ahead = (40 + 23) * hour;
    expect([await retention.wouldRemove(1), await retention.apply()]).toEqual([0, 0]);
    workspace.ahead = (40 + 25) * hour;
    expect([await retention.wouldRemove(1), await retention.apply()]).toEqual([1, 1]);
  });

  test("and as long as that is where it is longer", async () => {
    await collected("3d");
    workspace.ahead = (23 + 71) * hour;
    expect(await workspace.runtime.retention.apply()).toBe(0);
    workspace.ahead = (23 + 73) * hour;
    expect(await workspace.runtime.retention.apply()).toBe(1);
  });
});

test("what a batch answered is known to estimates at once, as it is after a restart", async () => {
  const mailed = (count: number): string => {
    const names = Array.from({ length: count }, (_, row) => `P${row}`);
    const prompt = fence("prompt greeting", "---\nmodel: openai/gpt-5-mini\n---\nWave at {{ row.name }}");
    return notebookText(
      "",
      fence("data people", ["---\nkey: name\n---\nname", ...names].join("\n")),
      fence("sheet mail", ["---\nrows: people\n---", prompt].join("\n")),
    );
  };
  const session = await workspace.open(mailed(4), { path });
  await session.run({ type: "stale" }, { confirm: async () => true, batch: true }).done;
  provider.ended = true;
  await (
    await session.resume("mail.greeting", true, { confirm: async () => true })
  ).done;
  await session.setText(mailed(8));
  await session.run({ type: "cells", cells: ["people"] }).done;
  const { known } = await session.estimate({ type: "stale" });
  expect(known).toMatchObject({ calls: 4, models: [{ basis: { output: "place" } }] });
  await workspace.restart();
  const again = await workspace.open(mailed(8), { path });
  expect((await again.estimate({ type: "stale" })).known).toMatchObject({ output: known.output, input: known.input });
});

test("equal requests are one of the batch; what the journal has, or a model without batches answers, does not wait", async () => {
  const text = notebookText(
    "",
    fence("prompt small", "---\nmodel: server/small\n---\nHello"),
    fence("prompt one", "---\nmodel: openai/gpt-5-mini\n---\nSame"),
    fence("prompt two", "---\nmodel: openai/gpt-5-mini\n---\nSame"),
  );
  const session = await workspace.open(text, { path });
  await session.run({ type: "stale" }, { confirm: async () => true, batch: true }).done;
  expect([shown(session, "small"), shown(session, "one")]).toEqual(["<Hello>", "(blocked)"]);
  expect(provider.batches.map((lines) => lines.length)).toEqual([1]);
  provider.ended = true;
  await (
    await session.resume("one", true, { confirm: async () => true })
  ).done;
  expect([shown(session, "one"), shown(session, "two")]).toEqual(["<Same>", "<Same>"]);
  const other = await workspace.open(text.replace("Hello", "Hi"), { path: "other.md" });
  const report = await other.run({ type: "stale" }, { confirm: async () => true, batch: true }).done;
  expect([report.outcome, shown(other, "two"), provider.batches.length]).toEqual(["done", "<Same>", 1]);
});

test("a batch that may go beyond a budget is not sent, for no budget stops it in its middle", async () => {
  const session = await workspace.open(notebook, { path });
  const run = session.run({ type: "stale" }, { ...firstTwo, batch: true, budget: 0.000001 });
  await expect(run.done).rejects.toMatchObject({
    code: "batch.over-budget",
    message: expect.stringMatching(/^the batch may cost up to \$0\.0\d+, and \$0\.0000010 may be spent: /),
  });
  expect([wasAsked(), workspace.sent()]).toEqual([[], []]);
  expect((await workspace.runtime.store.runs.get(run.id))!.end).toMatchObject({ outcome: "failed" });
  await expect(session.resume("mail.greeting", true)).rejects.toMatchObject({ code: "resume.no-batch" });
  const enough = await session.run({ type: "stale" }, { ...firstTwo, batch: true, budget: 5 }).done;
  expect([enough.outcome, provider.batches.length]).toEqual(["waiting", 1]);
});

describe("budgets and batches", () => {
  const day = { type: "day" } as const;
  const spent = async () => (await workspace.runtime.budgets.list())[0]!.spent;
  const batchOf = async (text: string, name: string, more: object = {}) => {
    const session = await workspace.open(text, { path: name });
    return { session, run: session.run({ type: "stale" }, { ...firstTwo, batch: true, ...more }) };
  };

  test("what an open batch may cost is spent of the day it was sent on, so that several do not fit one day together, until it is collected", async () => {
    await workspace.runtime.budgets.set(day, 100);
    await (
      await batchOf(notebook, path)
    ).run.done;
    const reserved = await spent();
    expect((await workspace.runtime.budgets.list())[0]!.batched).toBe(reserved);
    expect(reserved).toBeGreaterThan(0);
    expect((await workspace.runtime.journal.batches.open()).map((batch) => batch.reserved)).toEqual([reserved]);
    await workspace.runtime.budgets.set(day, reserved * 1.5);
    const other = notebook.replace("Greet", "Hello");
    await expect((await batchOf(other, "other.md")).run.done).rejects.toMatchObject({ code: "batch.over-budget" });
    await workspace.restart();
    expect(await spent()).toBeCloseTo(reserved, 12);
    await expect((await batchOf(other, "other.md")).run.done).rejects.toMatchObject({ code: "batch.over-budget" });
    expect(provider.batches).toHaveLength(1);

    // Of the next day it is nothing, nor are its calls when they come.
    await workspace.runtime.budgets.set({ type: "notebook", notebook: "other.md" }, 100);
    await workspace.runtime.budgets.remove(day);
    provider.ended = true;
    const session = await workspace.open(notebook, { path });
    await workspace.runtime.budgets.set(day, 100);
    await (
      await session.resume("mail.greeting", true, { confirm: async () => true })
    ).done;
    const [ofDay] = await workspace.runtime.budgets.list();
    expect(ofDay).toMatchObject({ scope: day, batched: 0, unpriced: 0 });
    expect(ofDay!.spent).toBeCloseTo((await ledger()).cost, 12);
    workspace.ahead += 24 * 60 * 60 * 1_000;
    expect(await spent()).toBe(0);
  });

  test("go along when a notebook is renamed meanwhile, and what was reserved makes way for what was spent", async () => {
    const scope = (notebook: string) => ({ type: "notebook", notebook }) as const;
    await workspace.runtime.budgets.set(scope(path), 100);
    await (
      await batchOf(notebook, path)
    ).run.done;
    const [{ batched }] = (await workspace.runtime.budgets.list()) as unknown as [{ readonly batched: number }];
    expect(batched).toBeGreaterThan(0);
    workspace.ahead += 60_000;
    await workspace.runtime.budgets.move(path, "renamed.md", () =>
      workspace.runtime.store.notebooks.move(path, "renamed.md"),
    );
    expect(await workspace.runtime.budgets.list()).toMatchObject([
      { scope: scope("renamed.md"), spent: batched, batched },
    ]);
    provider.ended = true;
    const session = await workspace.open(notebook, { path: "renamed.md" });
    await (
      await session.resume("mail.greeting", true, { confirm: async () => true })
    ).done;
    workspace.ahead += 60_000;
    const { cost } = await ledger();
    expect(cost).toBeGreaterThan(0);
    expect(await workspace.runtime.budgets.list()).toMatchObject([
      { scope: scope("renamed.md"), spent: expect.closeTo(cost, 12) as number, batched: 0 },
    ]);
  });

  test("an answer in one that says nothing of its tokens counts as its share of what was reserved", async () => {
    await workspace.runtime.budgets.set(day, 100);
    await (
      await batchOf(notebook, path)
    ).run.done;
    const reserved = await spent();
    provider.ended = true;
    server.answers = (asked) => {
      const answer = provider.answer(asked);
      const body = String(answer?.body).replace(/,"usage":\{.*?\}\}/, "");
      return asked.line.endsWith("/content") ? { body } : answer;
    };
    const session = await workspace.open(notebook, { path });
    await (
      await session.resume("mail.greeting", true, { confirm: async () => true })
    ).done;
    const { cost, unpriced } = await ledger();
    expect([cost > 0, unpriced]).toEqual([true, 1]);
    const share = expect.closeTo(cost + reserved / 2, 12) as number;
    expect(await workspace.runtime.budgets.list()).toMatchObject([{ batched: 0, estimated: 1, spent: share }]);
  });

  test("two that are sent at once are not sent both where one fits", async () => {
    await workspace.runtime.budgets.set(day, 100);
    await (
      await batchOf(notebook, path)
    ).run.done;
    const one = await spent();
    await workspace.runtime.budgets.set(day, one * 2.5);
    const both = await Promise.allSettled(
      ["Hello", "Farewell"].map(
        async (word) => (await batchOf(notebook.replace("Greet", word), `${word}.md`)).run.done,
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(provider.batches).toHaveLength(2);
    provider.refused = true;
    const session = await workspace.open(notebook, { path });
    await expect(session.resume("mail.greeting", true)).rejects.toMatchObject({ code: "model.batch-refused" });
    expect((await spent()) / one).toBeCloseTo(1, 1);
  });

  test("a run's own budget is what it has not spent yet", async () => {
    await writeFile(join(workspace.folder, "prices.yaml"), "server/small:\n  - { input: 1, output: 1 }\n");
    workspace.script = () => ({ text: "Hi", usage: { prompt: 999_999, completion: 1 } });
    const text = `${notebook}\n${fence("prompt small", "---\nmodel: server/small\n---\nHello")}\n`;
    const short = await batchOf(text, path, { budget: 1.000001 });
    await expect(short.run.done).rejects.toMatchObject({ code: "batch.over-budget" });
    expect(provider.batches).toEqual([]);
    expect((await (await batchOf(text, "other.md", { budget: 5 })).run.done).outcome).toBe("waiting");
  });

  test("what was written of a batch before a process ended is booked once, also what failed", async () => {
    const { run } = await batchOf(notebook, path);
    await run.done;
    const { journal } = workspace.runtime;
    const [batch] = await journal.batches.open();
    const { run: of, sentAt, model } = batch!;
    const [ada, bo] = batch!.calls;
    const failed = await journal.begin({ ...ada!, notebook: path, run: of, model, sentAt });
    await journal.finish(failed, {
      ...{ state: "failed", endedAt: 1, text: "", usage: {}, cost: null, price: null },
      error: { code: "model.bad-request", message: "no" },
    });
    await journal.begin({ ...bo!, notebook: path, run: of, model, sentAt });
    await workspace.restart();
    provider.ended = true;
    provider.say = (text) => (text === "Greet Ada" ? null : "Hi");
    const { batches } = workspace.runtime;
    const signal = new AbortController().signal;
    const collected = await Promise.all([
      batches.collect(batch!.subject, signal),
      batches.collect(batch!.subject, signal),
    ]);
    expect(collected.map(({ state }) => state)).toEqual(["collected", "collected"]);
    const calls = await workspace.runtime.journal.list({ run: of, limit: 10 });
    expect(calls.map(({ key, end }) => [key, end?.state])).toEqual([
      [bo!.key, "done"],
      [ada!.key, "failed"],
    ]);
  });
});

test("an answer that cannot be written waits on and says why, the others go on, and nothing is paid for twice", async () => {
  const session = await workspace.open(notebook, { path });
  await session.run({ type: "stale" }, { ...firstTwo, batch: true }).done;
  provider.ended = true;
  server.answers = (asked) => {
    const answer = provider.answer(asked);
    return asked.line.endsWith("/content") ? { ...answer!, pause: 200 } : answer;
  };
  using journal = new DatabaseSync(join(workspace.folder, ".sheaf/state/journal.sqlite"));
  const refuse = (when: string): void =>
    journal.exec(
      `create trigger full before update on calls ${when} begin select raise(fail, 'database or disk is full'); end`,
    );
  const resumed = async (): Promise<unknown> => {
    const run = await session.resume("mail.greeting", true, { confirm: async () => true });
    const { outcome } = await run.done;
    const table = session.shown("letters")?.value;
    return [outcome, table?.type === "table" && table.value.rows?.flat()];
  };
  const because = [{ message: expect.stringContaining("could not be written: database or disk is full") as string }];
  refuse("");
  expect(await resumed()).toMatchObject(["waiting", []]);
  expect(await workspace.runtime.store.waits.list(path)).toMatchObject(because);
  await workspace.runtime.budgets.set({ type: "day" }, 100);
  expect(await workspace.runtime.budgets.list()).toMatchObject([{ estimated: 0, unpriced: 0 }]);
  journal.exec("drop trigger full");
  refuse("when new.answer like '%Ada%'");
  expect(await resumed()).toEqual(["waiting", ["<Greet Bo>!"]]);
  expect(await workspace.runtime.store.waits.list(path)).toMatchObject(because);
  await workspace.restart();
  expect((await (await workspace.open(notebook, { path })).run({ type: "stale" }, firstTwo).done).outcome).toBe(
    "waiting",
  );
  journal.exec("drop trigger full");
  const again = await workspace.open(notebook, { path });
  await (
    await again.resume("mail.greeting", true, { confirm: async () => true })
  ).done;
  const table = again.shown("letters")?.value;
  expect(table?.type === "table" && table.value.rows?.flat()).toEqual(["<Greet Ada>!", "<Greet Bo>!"]);
  expect([workspace.sent(), await ledger()]).toMatchObject([[], { calls: 2 }]);
  expect(await workspace.runtime.store.waits.list(path)).toEqual([]);
});

test("a batch that the provider refuses says why, and its cells can be run again", async () => {
  const session = await workspace.open(notebook, { path });
  await session.run({ type: "stale" }, { ...firstTwo, batch: true }).done;
  provider.refused = true;
  await expect(session.resume("mail.greeting", true)).rejects.toMatchObject({
    code: "model.batch-refused",
    message: expect.stringContaining("Enqueued token limit reached") as string,
  });
  expect((await session.run({ type: "stale" }, firstTwo).done).outcome).toBe("done");
  expect(workspace.sent()).toEqual(["Greet Ada", "Greet Bo"]);
  expect(await workspace.runtime.store.waits.list(path)).toEqual([]);
});
