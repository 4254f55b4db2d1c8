import { SheafError } from "#server/notebook/sheaf-error.ts";
import { describe, expect, test } from "vitest";
import type { ChatCall } from "#server/notebook/services.ts";
import { memoryJournal } from "../__fixtures__/memory-journal.ts";
import { finish, scriptedModel, text } from "../__fixtures__/scripted-model.ts";
import { createCaller } from "../caller.ts";
import { createModels } from "../index.ts";
import { ModelError } from "../model-error.ts";
import type { Capabilities } from "../model.ts";
import { capable } from "./capable.ts";
import { knownCapabilities } from "./known-capabilities.ts";
import { modelFamilies } from "./model-families.ts";
import { refusalOf, type AskedOfModel } from "./refusal-of.ts";

const settings = { environment: {}, fetch, endpoints: { proxy: { baseUrl: "https://api.deepseek.com/v1" } } };
const context = { notebook: "a.md", run: "run-1" };

describe("what is known of a model", () => {
  test("is said by the workspace before its provider's list, by that before documentation, and by whom stands beside it", () => {
    const models = createModels(settings, [], {
      listed: () => ({ images: false, contextLength: 200_000 }),
      own: (name) => (name === "openai/gpt-4o" ? { contextLength: 64_000 } : undefined),
    });
    expect(models.known("openai/gpt-4o")).toMatchObject({
      capabilities: { images: false, contextLength: 64_000, jsonSchema: true },
      saidBy: { images: "provider", contextLength: "workspace", jsonSchema: "documentation" },
      sources: { jsonSchema: { source: expect.stringContaining("platform.openai.com") } },
    });
    expect(models.chatModel("openai/gpt-4o").capabilities).toMatchObject({ images: false, contextLength: 64_000 });
  });

  test("is asked for anew each time: a list that came later counts", () => {
    let listed: Capabilities | undefined;
    const model = createModels(settings, [], { listed: () => listed }).chatModel("vllm/any");
    expect(model.capabilities?.images).toBeUndefined();
    listed = { images: true };
    expect(model.capabilities?.images).toBe(true);
  });

  test.each<[string, Capabilities]>([
    ["openai/gpt-4o-mini-2024-07-18", { images: true, jsonSchema: true, reasoning: false }],
    ["openai/gpt-4-turbo", { images: true, jsonSchema: false, jsonObject: true }],
    ["openai/o3-mini", { images: false, reasoning: true }],
    ["openai/text-embedding-3-small", { chat: false, embeddings: true }],
    ["anthropic/claude-3-5-haiku-20241022", { images: true, jsonSchema: false, reasoning: false }],
    ["anthropic/claude-sonnet-4-20250514", { jsonSchema: false, reasoning: true }],
    ["anthropic/claude-haiku-4-5", { jsonSchema: true, images: true }],
    ["deepseek/deepseek-chat", { jsonSchema: false, jsonObject: true, images: false }],
    ["proxy/deepseek-reasoner", { jsonSchema: false, images: false }],
    ["groq/llama-3.3-70b-versatile", { jsonSchema: false }],
    ["gemini/gemini-2.5-flash", { images: true, jsonSchema: true }],
  ])("of %s is documented", (name, capabilities) => {
    expect(createModels(settings).known(name).capabilities).toMatchObject(capabilities);
  });

  test.each(["openai/gpt-9", "anthropic/claude-next", "openrouter/x/y", "gemini/some-new", "here/gpt-4o"])(
    "of %s is nothing that could be refused",
    (name) => {
      const identity = { provider: "x", baseUrl: "https://models.example/v1" };
      const { capabilities } = knownCapabilities({ name, identity });
      const { images, jsonSchema, reasoning, chat, contextLength } = capabilities;
      expect([images, jsonSchema, reasoning, chat, contextLength]).toEqual(Array(5).fill(undefined));
    },
  );

  test("stands with where and when it was read", () => {
    for (const { source, read } of modelFamilies) {
      expect(source).toMatch(/^https:\/\//);
      expect(read).toMatch(/^20\d\d-\d\d$/);
    }
  });
});

describe("a request that a model cannot answer", () => {
  const user = (content: string): AskedOfModel => ({ messages: [{ role: "user", content }], parameters: {} });
  const words = (count: number): string => Array(count).fill("a").join(" ");
  const described = (count: number) => ({ type: "object", description: words(count) });

  test.each<[string, AskedOfModel, Capabilities, string]>([
    ["images, of a model of text", { ...user("x"), images: [0, 1] }, { images: false }, "model.no-images"],
    ["a continued text", { ...user("x"), completion: "x" }, { completion: false }, "model.chat-only"],
    ["messages, of a base model", user("x"), { chat: false, completion: true }, "model.no-chat-template"],
    ["messages, of one that embeds", user("x"), { chat: false, embeddings: true }, "model.no-chat"],
    ["thought", { ...user("x"), parameters: { reasoning_effort: "low" } }, { reasoning: false }, "model.no-reasoning"],
    ["more words than it has tokens", user(words(101)), { contextLength: 100 }, "model.context-length"],
    [
      "more words than it has tokens, with a schema that stands in them",
      { ...user("x"), schema: described(101) },
      { contextLength: 100, jsonSchema: false },
      "model.context-length",
    ],
  ])("is refused for %s, with a cure", (_, request, capabilities, code) => {
    const refusal = refusalOf(request, { name: "a/b", capabilities })!;
    expect(refusal).toBeInstanceOf(ModelError);
    expect(refusal.code).toBe(code);
    expect(refusal.facts.unbilled).toBe(true);
    expect(refusal.message).toMatch(/^a\/b|tokens and a\/b/);
    expect(refusal.cure).not.toBe("");
  });

  test.each<[string, AskedOfModel, Capabilities]>([
    ["of whose images nobody knows", { ...user("x"), images: [0] }, {}],
    ["whose words are as many as its tokens", user(words(100)), { contextLength: 100 }],
    ["long without a space, which may be one token", user("a".repeat(1_000)), { contextLength: 100 }],
    [
      "whose schema its provider may send as hardly anything",
      { ...user("x"), schema: described(999) },
      { contextLength: 100 },
    ],
  ])("is not one %s", (_, request, capabilities) => {
    expect(refusalOf(request, { name: "a/b", capabilities })).toBeNull();
  });

  test.each([
    [0, 101, "the request has 101 tokens and test/short reads at most 100"],
    [0.02, 103, null],
    [0.02, 104, "the request has at least 101 tokens and test/short reads at most 100"],
  ])("is told by the count of a tokenizer that is off by %s: of %s tokens", async (error, tokens, message) => {
    const journal = memoryJournal();
    const short = {
      ...scriptedModel([text("Hi"), finish], { name: "test/short" }),
      capabilities: { contextLength: 100 },
    };
    let counted = 0;
    const caller = createCaller({
      ...{ resolve: () => short, journal, clock: Date.now },
      countTokens: async (_, calls) => ({ tokens: (counted += 1) && calls.length * tokens, error }),
    });
    const call: ChatCall = {
      ...{ model: "test/short", parameters: {}, address: { cell: "a", at: {} }, step: 0, repeat: 0 },
      messages: [{ role: "user", content: "a".repeat(40) }],
    };
    const { calls, refused } = await caller.estimate([call]);
    const answer = caller.chat(call, context);
    if (message === null) {
      expect([(await answer).text, calls, refused]).toEqual(["Hi", 1, undefined]);
    } else {
      await expect(answer).rejects.toMatchObject({ code: "model.context-length", message });
      expect([short.sent, journal.calls, calls]).toEqual([[], [], 0]);
      expect(refused).toEqual([{ model: "test/short", calls: 1, because: message }]);
    }
    // What is short whatever its tokens are is not counted.
    counted = 0;
    await caller.chat({ ...call, messages: [{ role: "user", content: "a".repeat(20) }] }, context);
    expect(counted).toBe(0);
  });

  test.each([false, true])(
    "is told so with a schema only where that stands in its words (a schema is taken: %s)",
    async (jsonSchema) => {
      const capabilities = { contextLength: 100, jsonSchema };
      const short = { ...scriptedModel([text('{"a":1}'), finish], { name: "test/short" }), capabilities };
      const counted: number[] = [];
      const caller = createCaller({
        ...{ resolve: () => capable(() => capabilities)(short), journal: memoryJournal(), clock: Date.now },
        countTokens: async (_, calls) => (counted.push(calls.length), { tokens: calls.length * 101, error: 0 }),
      });
      const call: ChatCall = {
        ...{ model: "test/short", parameters: {}, address: { cell: "a", at: {} }, step: 0, repeat: 0 },
        messages: [{ role: "user", content: "a" }],
        schema: { type: "object", description: "a".repeat(1_000) },
      };
      const answer = caller.chat(call, context).then(
        (answered) => answered.text,
        ({ code }: ModelError) => code,
      );
      expect([await answer, counted.length]).toEqual(jsonSchema ? ['{"a":1}', 0] : ["model.context-length", 1]);
    },
  );

  test("is neither sent nor in the journal, and an estimate says so beforehand", async () => {
    const journal = memoryJournal();
    const base = {
      ...scriptedModel([text("Hi"), finish], { name: "test/base" }),
      capabilities: { chat: false, completion: true },
    };
    const caller = createCaller({ resolve: () => base, journal, clock: Date.now });
    const call: ChatCall = {
      model: "test/base",
      messages: [{ role: "user", content: "Hello" }],
      parameters: {},
      address: { cell: "a", at: {} },
      step: 0,
      repeat: 0,
    };
    await expect(caller.chat(call, context)).rejects.toMatchObject({ code: "model.no-chat-template" });
    expect([journal.calls, base.sent]).toEqual([[], []]);
    const continued = { ...call, messages: [], completion: "Hello" };
    expect(await caller.estimate([call, continued, call])).toMatchObject({
      calls: 1,
      refused: [{ model: "test/base", calls: 2, because: expect.stringContaining("is a base model") }],
    });
    expect(await caller.estimate([continued])).not.toHaveProperty("refused");
    expect((await caller.chat(continued, context)).text).toBe("Hi");
  });

  test("of no model is among them, looked for once however many name it", async () => {
    let asked = 0;
    const resolve = (name: string): never => {
      asked += 1;
      throw new SheafError("model.unknown", `there is no ${name}`);
    };
    const caller = createCaller({ resolve, journal: memoryJournal(), clock: Date.now });
    const call: ChatCall = {
      model: "gone/a",
      messages: [{ role: "user", content: "Hello" }],
      parameters: {},
      address: { cell: "a", at: {} },
      step: 0,
      repeat: 0,
    };
    expect(await caller.estimate([call, call, call])).toMatchObject({
      calls: 0,
      refused: [{ model: "gone/a", calls: 3, because: "there is no gone/a" }],
    });
    expect(asked).toBe(1);
  });

  test("is refused too where it comes to a model that takes over for another", async () => {
    const journal = memoryJournal();
    const down = scriptedModel([new ModelError("model.unreachable", "refused", { unbilled: true })], {
      name: "a/one",
      identity: { provider: "a", baseUrl: "https://a.invalid/v1" },
    });
    const models = createModels({ environment: { OPENAI_API_KEY: "x" }, fetch, endpoints: {} });
    const caller = createCaller({
      resolve: (name) => (name === "a/one" ? down : models.chatModel(name)),
      journal,
      clock: Date.now,
    });
    const call: ChatCall = {
      model: "a/one",
      fallbacks: ["openai/text-embedding-3-small"],
      messages: [{ role: "user", content: "Hello" }],
      parameters: {},
      address: { cell: "a", at: {} },
      step: 0,
      repeat: 0,
    };
    await expect(caller.chat(call, { ...context, priority: "batch" })).rejects.toMatchObject({ code: "model.no-chat" });
  });
});
