import { describe, expect, test } from "vitest";
import { createLightFetch } from "./light-fetch.ts";

import type { ChatCall } from "#server/notebook/services.ts";
import { memoryJournal } from "./__fixtures__/memory-journal.ts";
import { finish, scriptedModel, text } from "./__fixtures__/scripted-model.ts";
import { createCallHistory } from "./call-history.ts";
import { createCaller, type Caller } from "./caller.ts";
import { createModels } from "./index.ts";
import { ModelError } from "./model-error.ts";
import type { ChatModel } from "./model.ts";
import { WaitingError } from "./waiting-error.ts";

const context = { notebook: "a.md", run: "run-1" };

function callOf(content: string, more: Partial<ChatCall> = {}): ChatCall {
  return {
    model: "echo/upper",
    messages: [{ role: "user", content }],
    parameters: {},
    address: { cell: "a", at: {} },
    step: 0,
    repeat: 0,
    ...more,
  };
}

function callerOf(model?: ChatModel): { caller: Caller; journal: ReturnType<typeof memoryJournal> } {
  const journal = memoryJournal();
  const models = createModels({ environment: {}, fetch: createLightFetch(), endpoints: {} });
  let now = 0;
  return {
    journal,
    caller: createCaller({ resolve: (name) => model ?? models.chatModel(name), journal, clock: () => (now += 10) }),
  };
}

const remote = { provider: "test", baseUrl: "https://test.invalid/v1" };

describe("a call to a provider that fails", () => {
  test("is one call in the journal, with the attempts that failed and the model that answered", async () => {
    const journal = memoryJournal();
    const down = scriptedModel([new ModelError("model.unreachable", "connection refused", { unbilled: true })], {
      name: "a/one",
      identity: remote,
      effect: "paid",
    });
    const models: { readonly [name: string]: ChatModel } = {
      "a/one": down,
      "b/two": scriptedModel([{ type: "reasoning", text: "hm" }, text("Hi"), finish], {
        name: "b/two",
        identity: remote,
      }),
    };
    const caller = createCaller({ resolve: (name) => models[name]!, journal, clock: Date.now });
    const call = callOf("x", { model: "a/one", fallbacks: ["b/two"] });
    const answer = await caller.chat(call, context);
    expect(answer).toMatchObject({ text: "Hi", call: { key: await caller.callKey(callOf("x", { model: "a/one" })) } });
    expect(journal.calls).toHaveLength(1);
    expect(journal.calls[0]).toMatchObject({
      intent: { model: "a/one" },
      end: {
        state: "done",
        answeredBy: "test/answered",
        reasoning: "hm",
        attempts: [{ code: "model.unreachable", message: "connection refused", next: "b/two" }],
      },
    });
  });

  test("teaches nothing about the model that was asked first, where another answered", async () => {
    const down = scriptedModel([new ModelError("model.unreachable", "refused", { unbilled: true })], {
      name: "a/one",
      identity: remote,
    });
    const models: { readonly [name: string]: ChatModel } = {
      "a/one": down,
      "b/two": scriptedModel([text("Hi"), finish], { name: "b/two", identity: remote }),
    };
    const history = createCallHistory();
    const caller = createCaller({
      resolve: (name) => models[name]!,
      journal: memoryJournal(),
      clock: Date.now,
      history,
    });
    await caller.chat(callOf("x", { model: "a/one", fallbacks: ["b/two"] }), context);
    expect(history.of("a/one")).toBeNull();
    await caller.chat(callOf("x", { model: "b/two" }), context);
    expect(history.of("b/two")!.calls).toHaveLength(1);
  });

  test("goes on with another of the account's keys, and the journal says which one was used", async () => {
    const journal = memoryJournal();
    const keys = [
      scriptedModel([new ModelError("model.unauthorized", "revoked", { unbilled: true })], { identity: remote }),
      scriptedModel([text("Hi"), finish], { identity: remote }),
    ];
    const model = { ...keys[0]!, keys };
    const caller = createCaller({ resolve: () => model, journal, clock: Date.now });
    await caller.chat(callOf("x"), context);
    await caller.chat(callOf("y"), context);
    expect(journal.calls.map(({ end }) => end!.attempts?.map(({ key, code }) => [key, code]))).toEqual([
      [[1, "model.unauthorized"]],
      undefined,
    ]);
    expect(journal.calls.map(({ end }) => end!.keyNumber)).toEqual([2, 2]);
  });
});

describe("the caller", () => {
  test("answers a call and says what it came to", async () => {
    const { caller } = callerOf();
    const answer = await caller.chat(callOf("hello you"), context);
    expect(answer).toMatchObject({
      text: "HELLO YOU",
      finish: "stop",
      call: { model: "echo/upper", cached: false, cost: 0, usage: { input: 3, output: 3 } },
    });
    expect(answer.call.latency).toBeGreaterThan(0);
    expect(answer.call.key).toBe(await caller.callKey(callOf("hello you")));
  });

  test("makes no call twice: the second answer is the journal's, free", async () => {
    const { caller, journal } = callerOf();
    const first = await caller.chat(callOf("hello"), context);
    const second = await caller.chat(callOf("hello", { address: { cell: "b", at: {} } }), { ...context, run: "run-2" });
    expect(second).toEqual({ ...first, call: { ...first.call, cached: true } });
    expect(journal.calls).toHaveLength(1);
    expect([first.call.cached, second.call.cost]).toEqual([false, 0]);
  });

  test("makes one call of a hundred equal ones at once", async () => {
    const { caller, journal } = callerOf();
    const answers = await Promise.all(Array.from({ length: 100 }, () => caller.chat(callOf("same"), context)));
    expect(new Set(answers.map((answer) => answer.text))).toEqual(new Set(["SAME"]));
    expect(answers.filter(({ call }) => call.cached)).toHaveLength(99);
    expect(journal.calls).toHaveLength(1);
  });

  test("gives no older answer than is asked for, though an equal call beside it takes one of any age", async () => {
    const { caller, journal } = callerOf();
    await caller.chat(callOf("same"), context);
    await caller.chat(callOf("later"), context);
    const any = caller.chat(callOf("same"), context);
    const young = caller.chat(callOf("same"), { ...context, maximumAge: 20 });
    expect([(await any).call.cached, (await young).call.cached]).toEqual([true, false]);
    expect(journal.calls).toHaveLength(3);
  });

  test("gives what the journal has at once, though an equal call that may take no such answer is in flight", async () => {
    let gate = Promise.resolve();
    const model = scriptedModel([]);
    const { caller, journal } = callerOf({
      ...model,
      async *stream() {
        await gate;
        yield* [text("Hi"), finish];
      },
    });
    await caller.chat(callOf("same"), context);
    const held = Promise.withResolvers<void>();
    gate = held.promise;
    const young = caller.chat(callOf("same"), { ...context, maximumAge: 1 });
    while (journal.calls.length < 2) await new Promise(setImmediate);
    expect((await caller.chat(callOf("same"), context)).call.cached).toBe(true);
    expect(journal.calls[1]!.end).toBeNull();
    held.resolve();
    expect((await young).call.cached).toBe(false);
  });

  test("sends what somebody waits for before the rows that wait, also where one of those is equal", async () => {
    const order: string[] = [];
    const model = scriptedModel([], { concurrency: 1 });
    const caller = createCaller({
      resolve: () => ({
        ...model,
        async *stream({ messages }) {
          order.push(messages[0]!.content);
          await new Promise((resolve) => setTimeout(resolve, 5));
          yield* [text("Hi"), finish];
        },
      }),
      journal: memoryJournal(),
      clock: Date.now,
    });
    const rows = Array.from({ length: 10 }, (_, row) =>
      caller.chat(callOf(`row ${row}`), { ...context, priority: "batch" as const }),
    );
    while (order.length === 0) await new Promise(setImmediate);
    const asked = caller.chat(callOf("row 8"), { ...context, priority: "interactive" });
    const answers = await Promise.all([...rows, asked]);
    expect(order.slice(0, 2)).toEqual(["row 0", "row 8"]);
    expect(order).toHaveLength(10);
    expect(answers.flatMap(({ call }, index) => (call.cached ? [index] : []))).toEqual([8]);
  });

  test("makes repeats of one request as calls of their own", async () => {
    const { caller, journal } = callerOf();
    await Promise.all([0, 1, 2].map((repeat) => caller.chat(callOf("same", { repeat }), context)));
    expect(journal.calls).toHaveLength(3);
  });

  test("asks for a fresh answer where the journal's is not wanted", async () => {
    const { caller, journal } = callerOf();
    await caller.chat(callOf("again"), context);
    const fresh = await caller.chat(callOf("again"), { ...context, maximumAge: 0 });
    expect(fresh.call.cached).toBe(false);
    expect(journal.calls).toHaveLength(2);
  });

  test("fails with the text that came and what it came to, and tries again next time", async () => {
    const model = scriptedModel([
      text("Hel"),
      new ModelError("model.overloaded", "busy", { cure: "wait", retryable: true }),
    ]);
    const { caller, journal } = callerOf(model);
    const thrown: unknown = await caller.chat(callOf("x"), context).catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      code: "model.overloaded",
      cure: "wait",
      facts: { retryable: true, partial: "Hel", call: { cached: false } },
    });
    await expect(caller.chat(callOf("x"), context)).rejects.toThrow("busy");
    expect(journal.calls.map(({ end }) => end)).toMatchObject([
      { state: "failed", text: "Hel" },
      { state: "failed", text: "Hel" },
    ]);
  });

  test("knows what it came to however it ended, and counts it once where several wait for it", async () => {
    const { caller, journal } = callerOf(scriptedModel([text("Hel"), new TypeError("what")]));
    const full = createCaller({
      resolve: () => scriptedModel([text("Hello"), finish]),
      journal: { ...journal, finish: () => Promise.reject(new Error("disk full")) },
      clock: Date.now,
    });
    const thrownBy = async (from: Caller): Promise<unknown> => {
      const all = await Promise.allSettled([callOf("x"), callOf("x")].map((call) => from.chat(call, context)));
      return all.map((one) => (one.status === "rejected" ? (one.reason as unknown) : one.value));
    };
    expect(await thrownBy(caller)).toMatchObject([
      { code: "internal", message: "what", facts: { partial: "Hel", call: { cached: false } } },
      { facts: { call: { cached: true } } },
    ]);
    expect(await thrownBy(full)).toMatchObject([
      { code: "model.unwritten", facts: { partial: "Hello", call: { usage: { output: 5 }, cached: false } } },
      { facts: { call: { cached: true } } },
    ]);
  });

  test("books a cancelled call with its text before it rejects", async () => {
    const { caller, journal } = callerOf(scriptedModel([text("Hel"), "hang"]));
    const controller = new AbortController();
    const reason = new Error("stop");
    const call = callOf("x", { signal: controller.signal, onText: () => controller.abort(reason) });
    await expect(caller.chat(call, context)).rejects.toBe(reason);
    expect(journal.calls[0]!.end).toMatchObject({ state: "cancelled", text: "Hel" });
  });

  test("cancels thousands of waiting calls of one run with one signal", async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error): void => void warnings.push(warning);
    process.on("warning", listen);
    const { caller, journal } = callerOf(scriptedModel(["hang"], { concurrency: 4 }));
    const controller = new AbortController();
    const all = Array.from({ length: 2_000 }, (_, index) =>
      caller.chat(callOf(`row ${index}`, { signal: controller.signal }), context),
    );
    while (journal.calls.length < 4) await new Promise(setImmediate);
    controller.abort(new Error("stop"));
    const ends = await Promise.allSettled(all);
    expect(ends.every((end) => end.status === "rejected")).toBe(true);
    expect(journal.calls.map(({ end }) => end?.state)).toEqual(Array(4).fill("cancelled"));
    await new Promise(setImmediate);
    process.off("warning", listen);
    expect(warnings).toEqual([]);
  });

  test("neither journals nor sends where the model cannot answer yet", async () => {
    const waiting = new WaitingError({ reason: "licence", subject: "local/x", message: "agree first" });
    const model = scriptedModel([finish], { ready: () => Promise.reject(waiting) });
    const { caller, journal } = callerOf(model);
    await expect(caller.chat(callOf("x"), context)).rejects.toBe(waiting);
    expect(journal.calls).toHaveLength(0);
    expect(model.sent).toHaveLength(0);
  });

  test("gives cached answers of a model whose key is missing, and otherwise says which variable to set", async () => {
    const journal = memoryJournal();
    const models = createModels({ environment: {}, fetch: createLightFetch(), endpoints: {} });
    const openai = models.chatModel("openai/gpt-5-mini");
    const settings = { journal, clock: () => 1 };
    const withKey = createCaller({
      ...settings,
      resolve: () => scriptedModel([text("Hi"), finish], { name: openai.name, identity: openai.identity }),
    });
    await withKey.chat(callOf("known", { model: "openai/gpt-5-mini" }), context);
    const without = createCaller({ ...settings, resolve: models.chatModel });
    expect(await without.chat(callOf("known", { model: "openai/gpt-5-mini" }), context)).toMatchObject({
      text: "Hi",
      call: { cached: true },
    });
    await expect(without.chat(callOf("new", { model: "openai/gpt-5-mini" }), context)).rejects.toMatchObject({
      code: "model.no-key",
      cure: expect.stringContaining("OPENAI_API_KEY"),
    });
    expect(journal.calls).toHaveLength(1);
  });

  test("finds what the journal has of planned calls with few look-ups", async () => {
    const { caller, journal } = callerOf();
    await caller.chat(callOf("row 1"), context);
    journal.lookUps.length = 0;
    const planned = Array.from({ length: 500 }, (_, index) => callOf(`row ${index}`));
    const found = await caller.findCached(planned);
    expect(
      found.flatMap((answer, index) => (answer === null ? [] : [[index, answer.text, answer.call.cached]])),
    ).toEqual([[1, "ROW 1", true]]);
    expect(journal.lookUps).toEqual([500]);
  });

  test("settles when all calls are written", async () => {
    const { caller, journal } = callerOf();
    void caller.chat(callOf("a"), context);
    void caller.chat(callOf("b"), context);
    await caller.settled();
    expect(journal.calls.map(({ end }) => end?.state)).toEqual(["done", "done"]);
  });
});
