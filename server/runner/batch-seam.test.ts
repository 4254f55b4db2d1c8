import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { join } from "node:path";
import { batchServer, type BatchServer } from "#server/models/batches/__fixtures__/batch-server.ts";
import { playOpenAIBatches, type PlayedBatches } from "#server/models/batches/__fixtures__/openai-batches.ts";
import { createBatchDesk } from "#server/models/batches/batch-desk.ts";
import { createPrices } from "#server/models/prices.ts";
import { keepFile } from "#server/store/keep-file.ts";
import { batchesAt } from "./__fixtures__/batches-at.ts";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let server: BatchServer;
let provider: PlayedBatches;
let workspace: TestWorkspace;

beforeAll(async () => {
  server = await batchServer();
  workspace = await testWorkspace({ fetch: batchesAt(server) });
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  provider = playOpenAIBatches();
  server.answers = provider.answer;
  workspace.script = null;
  workspace.sent();
});

const agreed = { confirm: async () => true } as const;
const asBatch = { ...agreed, batch: true } as const;
const prompt = (name: string, settings: string, text = "Hello"): string =>
  fence(`prompt ${name}`, `---\n${settings}\n---\n${text}`);

test("what a model or its protocol cannot do is refused at its cell, as a call of it is, and the others go into the batch", async () => {
  const text = notebookText(
    "models:\n  elsewhere: { model: openai/gpt-5-mini, api: responses }\n",
    prompt("fine", "model: openai/gpt-5-mini"),
    prompt("thought", "model: openai/gpt-4o-mini\nreasoning_effort: low"),
    prompt("seeded", "model: elsewhere\nseed: 1"),
  );
  const session = await workspace.open(text);
  await session.run({ type: "stale" }, asBatch).done;
  expect(provider.batches.map((lines) => lines.map(({ body }) => body.messages))).toEqual([
    [[{ role: "user", content: "Hello" }]],
  ]);
  const one = await workspace.open(text);
  await one.run({ type: "cells", cells: ["thought", "seeded"] }, agreed).done;
  for (const [cell, code] of [
    ["thought", "model.no-reasoning"],
    ["seeded", "model.bad-request"],
  ] as const) {
    expect(session.shown(cell)!.error).toMatchObject({ code });
    expect(session.shown(cell)!.error).toEqual(one.shown(cell)!.error);
  }
});

test("calls of one model through two protocols are two batches", async () => {
  const text = notebookText(
    "models:\n  elsewhere: { model: openai/gpt-5-mini, api: responses }\n",
    prompt("here", "model: openai/gpt-5-mini", "Two ways"),
    prompt("there", "model: elsewhere", "Two ways"),
  );
  await (await workspace.open(text)).run({ type: "stale" }, asBatch).done;
  expect(provider.batches.map((lines) => lines.map(({ url }) => url))).toEqual([
    ["/v1/chat/completions"],
    ["/v1/responses"],
  ]);
});

test("pictures go with their request", async () => {
  const text = notebookText(
    "inputs:\n  photo: { type: image }\n",
    prompt("seen", "model: openai/gpt-5-mini\nimages: =photo", "What is on it?"),
  );
  const session = await workspace.open(text);
  const bytes = Uint8Array.of(1, 2, 3);
  const hash = await keepFile(join(workspace.runtime.workspace.state, "files"), bytes);
  await session.setInput("photo", { hash, name: "dot.png", mediaType: "image/png", bytes: 3 });
  await session.run({ type: "stale" }, asBatch).done;
  expect(provider.batches[0]![0]!.body.messages[0]!.content).toEqual([
    { type: "image_url", image_url: { url: "data:image/png;base64,AQID" } },
    { type: "text", text: "What is on it?" },
  ]);
  provider.say = () => "A dot";
  provider.ended = true;
  await (
    await session.resume("seen", true, asBatch)
  ).done;
  expect([shown(session, "seen"), workspace.sent()]).toEqual(["A dot", []]);
});

test("an answer that is not as its schema says is asked for once more at once, and what follows is left to a batch", async () => {
  const text = notebookText(
    "",
    prompt("topic", "model: openai/gpt-5-mini\nschema: { topic: string }", "Which topic?"),
    prompt("reply", "model: openai/gpt-5-mini", "Say {{ topic.topic }}"),
  );
  const session = await workspace.open(text);
  await session.run({ type: "stale" }, asBatch).done;
  provider.say = () => "I think it is the card.";
  provider.ended = true;
  workspace.script = () => '{ "topic": "card" }';
  const resumed = await session.resume("topic", true, asBatch);
  expect((await resumed.done).outcome).toBe("waiting");
  expect(shown(session, "topic")).toEqual({ topic: "card" });
  expect(workspace.sent()).toEqual([expect.stringMatching(/I think it is the card\.\nThat cannot be used/)]);
  const { calls } = (await session.result("topic"))!;
  expect(calls.map(({ journal }) => [journal!.step, journal!.state])).toEqual([
    [0, "done"],
    [1, "done"],
  ]);
  expect(provider.batches.map((lines) => lines.map(({ body }) => body.messages.at(-1)!.content))).toEqual([
    ["Which topic?"],
    ["Say card"],
  ]);
});

test("a request that a batch did not answer is sent by itself, and not with another batch", async () => {
  const session = await workspace.open(notebookText("", prompt("once", "model: openai/gpt-5-mini", "Only once")));
  await session.run({ type: "stale" }, asBatch).done;
  provider.say = () => null;
  provider.ended = true;
  await (
    await session.resume("once", true, asBatch)
  ).done;
  expect([shown(session, "once"), workspace.sent(), provider.batches.length]).toEqual([
    "<Only once>",
    ["Only once"],
    1,
  ]);
});

test("a batch can be cancelled: what was answered by then is kept and goes on, and the rest is stopped and not sent", async () => {
  const text = notebookText(
    "",
    fence("data people", "---\nkey: name\n---\nname\nAda\nBo"),
    fence(
      "sheet mail",
      `---\nrows: people\n---\n${prompt("greeting", "model: openai/gpt-5-mini", "Greet {{ row.name }}")}\n${fence("template letter", "{{ greeting }}!")}`,
    ),
    fence("sql letters", "select letter from mail where letter is not null order by letter"),
  );
  const path = "cancelled.md";
  const session = await workspace.open(text, { path });
  await session.run({ type: "stale" }, asBatch).done;
  await expect(session.cancelBatch("mail.letter")).rejects.toMatchObject({ code: "resume.not-waiting" });
  await session.cancelBatch("mail.greeting");
  await session.cancelBatch("mail.greeting");
  expect(provider.cancelled).toBe(1);
  await expect(session.resume("mail.greeting", true)).rejects.toMatchObject({
    code: "resume.not-yet",
    message: expect.stringContaining("the batch is being cancelled: the provider has 1 of 2") as string,
  });

  provider.say = (asked) => (asked === "Greet Ada" ? "Hello Ada" : null);
  provider.ended = true;
  const collected = await (await session.resume("mail.greeting", true, asBatch)).done;
  expect([collected.outcome, workspace.sent(), provider.batches.length]).toEqual(["done", [], 1]);
  expect(await session.waits()).toEqual([]);
  const sent = await workspace.runtime.journal.list({ limit: 2 });
  expect(sent.map(({ notebook, end }) => [notebook, end!.state, end!.cost === 0]).sort()).toEqual([
    [path, "cancelled", true],
    [path, "done", false],
  ]);

  // Who wants it after all has it by a call.
  await session.run({ type: "stale" }, agreed).done;
  expect(workspace.sent()).toEqual(["Greet Bo"]);
  const letters = session.shown("letters")!.value;
  expect(letters?.type === "table" && letters.value.rows).toEqual([["<Greet Bo>!"], ["Hello Ada!"]]);
});

test("what was written of a cancelled batch before a process ended is booked once, and the rest is stopped after all", async () => {
  const text = notebookText(
    "",
    ...["Ada", "Bo"].map((name) => prompt(name, "model: openai/gpt-5-mini", `Meet ${name}`)),
  );
  const path = "cancelled-and-ended.md";
  const before = await workspace.open(text, { path });
  await before.run({ type: "stale" }, asBatch).done;
  await before.cancelBatch("Ada");
  const { journal } = workspace.runtime;
  const batch = (await journal.batches.open()).find(({ notebook }) => notebook === path)!;
  const { run, sentAt, model } = batch;
  const [first, second] = batch.calls;
  const [answered, stopped] = first!.address === "Ada" ? [first!, second!] : [second!, first!];
  const written = await journal.begin({ ...answered, notebook: path, run, model, sentAt });
  await journal.finish(written, {
    ...{ state: "done", endedAt: 1, text: "Hello Ada", usage: { input: 3, output: 2 }, cost: null, price: null },
    finish: "stop",
  });
  await journal.begin({ ...stopped, notebook: path, run, model, sentAt });
  await workspace.restart();

  provider.say = (asked) => (asked === "Meet Ada" ? "Hello Ada" : null);
  provider.ended = true;
  const session = await workspace.open(text, { path });
  await (
    await session.resume("Ada", true, asBatch)
  ).done;
  const calls = await workspace.runtime.journal.list({ run, limit: 10 });
  expect(calls.map(({ address, end }) => [address, end?.state, end?.cost])).toEqual([
    ["Bo", "cancelled", 0],
    ["Ada", "done", null],
  ]);
  expect([shown(session, "Ada"), session.shown("Bo")?.outcome, workspace.sent(), provider.batches.length]).toEqual([
    "Hello Ada",
    "cancelled",
    [],
    1,
  ]);
});

test("a result that nobody can read is the failure of the one call without another, and the rest is collected", async () => {
  const session = await workspace.open(
    notebookText(
      "",
      ...["Ada", "Bo", "Cy"].map((name) => prompt(name, "model: openai/gpt-5-mini", `Good day ${name}`)),
    ),
  );
  const { id: run, done } = session.run({ type: "stale" }, asBatch);
  await done;
  provider.ended = true;
  server.answers = (asked) => {
    const answer = provider.answer(asked);
    if (!asked.line.endsWith("/content")) return answer;
    const lines = String(answer!.body).trimEnd().split("\n");
    return { body: lines.map((line) => (line.includes("Bo") ? "null" : line)).join("\n") };
  };
  await (
    await session.resume("Ada", true, agreed)
  ).done;
  expect(["Ada", "Cy"].map((name) => shown(session, name))).toEqual(["<Good day Ada>", "<Good day Cy>"]);
  // It alone is sent by itself.
  expect(workspace.sent()).toHaveLength(1);
  const calls = await workspace.runtime.journal.list({ run, limit: 10 });
  expect(calls.find(({ address }) => address === "Bo")!.end).toMatchObject({
    ...{ state: "failed", cost: null },
    error: { message: expect.stringContaining("what is no result: null") },
  });
});

test("a batch that is answered with an error is not sent, in the provider's words, and can be sent again", async () => {
  server.answers = (asked) =>
    asked.line === "POST /v1/batches" ? { body: { error: { message: "no such luck" } } } : provider.answer(asked);
  const session = await workspace.open(notebookText("", prompt("late", "model: openai/gpt-5-mini", "Good evening")));
  await expect(session.run({ type: "stale" }, asBatch).done).rejects.toThrow("no such luck");
  server.answers = provider.answer;
  await session.run({ type: "cells", cells: ["late"] }, asBatch).done;
  provider.ended = true;
  await (
    await session.resume("late", true, asBatch)
  ).done;
  expect([shown(session, "late"), workspace.sent()]).toEqual(["<Good evening>", []]);
});

test("what is stopped before it is sent leaves no batch that is waited for", async () => {
  const { batches, journal } = workspace.runtime;
  const request = { messages: [{ role: "user", content: "Hello" }], parameters: {} } as const;
  const made = { model: "openai/gpt-5-mini", notebook: "a.md", run: "run", rows: {}, reserved: 1 };
  const stopped = AbortSignal.abort(new Error("enough"));
  const calls = [{ key: "a", address: "cell", step: 0, request }];
  await expect(batches.submit("stopped", made, calls, stopped)).rejects.toThrow("enough");
  expect([await journal.batches.open("stopped"), provider.batches]).toEqual([[], []]);
});

test("as many batches are sent as the provider's bounds of requests and bytes ask for", async () => {
  const { journal, models } = workspace.runtime;
  const model = models.chatModel("openai/gpt-5-mini");
  const calls = ["a", "b", "c", "d", "e"].map((key) => ({
    ...{ key, address: "cell", step: 0 },
    request: { messages: [{ role: "user", content: key.repeat(100) }], parameters: {} } as const,
  }));
  const [{ request }] = calls as [(typeof calls)[0]];
  const { length } = (await model.batches!.line({ id: "a", request })).text;
  const sizesWith = async (most: { readonly requests: number; readonly bytes: number }) => {
    const before = provider.batches.length;
    const desk = createBatchDesk({
      ...{ journal, prices: createPrices(), books: workspace.runtime.budgets, now: Date.now },
      resolve: () => ({ ...model, batches: { ...model.batches!, most } }),
    });
    const made = { model: model.name, notebook: "a.md", run: "run", rows: {}, reserved: 1 };
    await desk.submit(`parts ${most.requests}`, made, calls, new AbortController().signal);
    return provider.batches.slice(before).map((lines) => lines.length);
  };
  expect(await sizesWith({ requests: 2, bytes: 1_000_000 })).toEqual([2, 2, 1]);
  expect(await sizesWith({ requests: 9, bytes: 3 * length + 50 })).toEqual([3, 2]);
  expect((await journal.batches.open("parts 2")).map(({ reserved }) => reserved)).toEqual([0.4, 0.4, 0.2]);
});
