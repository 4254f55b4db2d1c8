import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGateway } from "#server/gateway/gateway.ts";
import { startModelServer, type ModelServer } from "../../tests/helpers/model-server.ts";
import { testApi, type TestApi } from "./__fixtures__/test-api.ts";

let listed: readonly object[] = [];
let server: ModelServer;
let api: TestApi;

beforeAll(async () => {
  server = await startModelServer(
    ({ body }) => (body.model === "gpt-down" ? { status: 400, text: "it is down" } : { text: "Good day." }),
    () => listed,
  );
  api = await testApi({
    environment: {
      OPENAI_BASE_URL: server.baseUrl,
      OPENAI_API_KEY: "key",
      OPENAI_COMPATIBLE_BASE_URL: server.baseUrl,
      ANTHROPIC_BASE_URL: server.baseUrl,
    },
  });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const providerOf = async (name: string) => (await api.caller.models.list()).providers.find((one) => one.name === name)!;
const modelOf = async (provider: string, name: string) =>
  (await api.caller.models.of({ providers: [provider] })).find((one) => one.name === name);

describe("the list of a provider's models", () => {
  test("is there once it was asked for, with what each can do and costs, and after a restart", async () => {
    expect(await providerOf("openai")).toMatchObject({ lists: true, list: null, calls: null });
    listed = [{ id: "gpt-5-mini" }, { id: "text-embedding-3-small" }, { id: "gpt-next" }];
    await api.caller.models.ask({ provider: "openai" });
    const known = async () => {
      expect(await providerOf("openai")).toMatchObject({ list: { count: 3, askedAt: expect.any(Number) } });
      expect(await api.caller.models.of({ providers: ["openai"] })).toMatchObject([
        {
          name: "openai/gpt-5-mini",
          capabilities: { images: true, reasoning: true },
          price: { input: 0.25, output: 2 },
          listedContext: 400_000,
        },
        { name: "openai/text-embedding-3-small", capabilities: { embeddings: true, chat: false } },
        { name: "openai/gpt-next", price: null },
      ]);
    };
    await known();
    await api.restart();
    await known();
  });

  test("stays when it cannot be had again, with the provider's words", async () => {
    listed = null as unknown as readonly object[];
    await api.caller.models.ask({ provider: "openai" });
    expect(await providerOf("openai")).toMatchObject({
      list: { count: 3, error: { code: "model.failed", message: "OpenAI answers with what is no list of models" } },
    });
    await api.caller.models.ask({ provider: "anthropic" });
    expect(await providerOf("anthropic")).toMatchObject({ list: { count: 0, error: { code: "model.no-key" } } });
  });

  test("begins anew where its file is no list, for it is a cache", async () => {
    await writeFile(join(api.workspace.folder, ".sheaf/cache/model-lists.json"), "{");
    await api.restart();
    expect(await providerOf("openai")).toMatchObject({ list: null });
  });

  test("has models that were called though nobody lists them; the provider says when it answered and failed last", async () => {
    listed = [];
    await api.caller.models.tryCall({ model: "openai/gpt-own", text: "Hello" });
    await expect(api.caller.models.tryCall({ model: "openai/gpt-down", text: "Hello" })).rejects.toThrow();
    expect((await api.caller.models.of({ providers: ["openai"] })).map(({ name }) => name)).toEqual([
      "openai/gpt-down",
      "openai/gpt-own",
    ]);
    expect(await providerOf("openai")).toMatchObject({
      calls: { answeredAt: expect.any(Number), failed: { model: "openai/gpt-down", code: "model.bad-request" } },
    });
  });
});

test("what a test call would cost is said before it is made", async () => {
  const before = server.requests().length;
  const estimate = async (model: string) => (await api.caller.models.tryEstimate({ model, text: "What now?" })).known;
  expect(await estimate("openai/gpt-5-mini")).toMatchObject({ calls: 1, cached: 0, unpriced: [] });
  expect((await estimate("openai/gpt-5-mini")).cost.high).toBeGreaterThan(0);
  expect(await estimate("openai/gpt-next")).toMatchObject({ calls: 1, unpriced: ["openai/gpt-next"] });
  expect(server.requests()).toHaveLength(before);
  await api.caller.models.tryCall({ model: "openai/gpt-5-mini", text: "What now?" });
  expect(await estimate("openai/gpt-5-mini")).toMatchObject({ calls: 0, cached: 1, cost: { high: 0 } });
});

test("an embedding model is tried by a short text: its vector's length, its time and cost; a failure says the provider's words", async () => {
  const tried = { model: "openai/text-embedding-3-small", text: "What now?" };
  const { known } = await api.caller.models.tryEmbeddingEstimate(tried);
  expect(known).toMatchObject({ calls: 1, unpriced: [] });
  const { numbers, call } = await api.caller.models.tryEmbedding(tried);
  expect([numbers, call]).toMatchObject([2, { model: "text-embedding-3-small", cached: false, usage: { input: 9 } }]);
  expect(call.cost).toBeGreaterThan(0);
  await expect(api.caller.models.tryEmbedding({ ...tried, model: "openai/gpt-down" })).rejects.toMatchObject({
    cause: { message: expect.stringContaining("it is down") },
  });
});

test("a model can be named as soon as its provider has its key: who was not asked yet is asked", async () => {
  listed = [{ id: "small-1", max_model_len: 4_096 }];
  const named = await api.caller.models.named();
  expect(named.find(({ name }) => name === "server/small-1")).toMatchObject({
    capabilities: { contextLength: 4_096 },
    saidBy: { contextLength: "provider" },
    price: { input: 0, output: 0 },
  });
  expect(named.some(({ name }) => name.startsWith("anthropic/"))).toBe(false);
});

test("a listed model stands in the gateway's list", async () => {
  const answer = await createGateway(api.workspace.runtime).request("/v1/models");
  const { data } = (await answer.json()) as { readonly data: readonly { readonly id: string }[] };
  expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(["local/all-minilm-l6-v2", "server/small-1"]));
});

describe("what the workspace says of a model", () => {
  const model = "server/small-1";

  test("goes before what its provider says, and decides what is refused, also after a restart", async () => {
    await api.caller.models.say({ model, capabilities: { contextLength: 3, images: false } });
    await api.restart();
    expect(await modelOf("server", model)).toMatchObject({
      capabilities: { contextLength: 3, images: false },
      saidBy: { contextLength: "workspace", images: "workspace" },
    });
    const before = server.requests().length;
    await expect(api.caller.models.tryCall({ model, text: "one two three four" })).rejects.toMatchObject({
      cause: {
        code: "model.context-length",
        message: `the request has at least 4 tokens and ${model} reads at most 3`,
      },
    });
    const messages = [{ role: "user", content: "one two three four" }];
    const body = JSON.stringify({ model, messages });
    const answer = await createGateway(api.workspace.runtime).request("/v1/chat/completions", { method: "POST", body });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: "model.context-length" } }]);
    expect(server.requests()).toHaveLength(before);
  });

  test("is forgotten where nothing is said any more", async () => {
    await api.caller.models.say({ model, capabilities: {} });
    expect(await modelOf("server", model)).toMatchObject({ saidBy: { contextLength: "provider" } });
  });

  test("is refused where it is of no model, or nothing that a model can", async () => {
    await expect(api.caller.models.say({ model: "nobody/x", capabilities: {} })).rejects.toMatchObject({
      cause: { code: "model.unknown" },
    });
    await expect(api.caller.models.say({ model, capabilities: { sings: true } as never })).rejects.toThrow();
  });
});
