import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createLightFetch } from "../light-fetch.ts";
import { createModels, type Models } from "../index.ts";
import type { ModelListing } from "../model.ts";

/** What the server answers at a path, and what it was asked; written by hand after the providers' documentation. */
type Answer = { readonly status?: number; readonly body: unknown; readonly hang?: true };
let answers: { [path: string]: Answer };
let asked: { path: string; headers: { readonly [name: string]: unknown }; body: string }[];
const server = createServer(async (request, response) => {
  let body = "";
  for await (const part of request) body += String(part);
  const path = request.url ?? "";
  asked.push({ path, headers: request.headers, body });
  const answer = answers[`${path} ${body}`] ??
    answers[path] ?? { status: 404, body: { error: { message: "no such path" } } };
  if (answer.hang === true) return;
  response.writeHead(answer.status ?? 200, { "content-type": "application/json" });
  response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
});
let models: Models;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const endpoint = { baseUrl: `${url}/v1` };
  models = createModels({
    environment: {
      OPENAI_API_KEY: "sk-first,sk-second",
      OPENAI_BASE_URL: `${url}/v1`,
      ANTHROPIC_API_KEY: "sk-ant",
      ANTHROPIC_BASE_URL: url,
    },
    fetch: createLightFetch(),
    endpoints: {
      ...Object.fromEntries(
        ["openrouter", "mistral", "groq", "vllm", "ollama", "lm-studio", "gemini"].map((name) => [name, endpoint]),
      ),
      locked: { ...endpoint, keyVariable: "LOCKED_KEY" },
      dead: { baseUrl: "http://127.0.0.1:9/v1" },
    },
  });
});
beforeEach(() => {
  answers = {};
  asked = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (provider: string): Promise<readonly ModelListing[]> => models.ask(provider, AbortSignal.timeout(20_000))!;
const list = (...data: readonly object[]): Answer => ({ body: { object: "list", data } });

describe("a provider asked for its models", () => {
  test("OpenAI says their names, and gets the first key", async () => {
    answers["/v1/models"] = list(
      { id: "gpt-5-mini", object: "model", created: 1, owned_by: "system" },
      { id: "gpt-4o" },
    );
    expect(await ask("openai")).toEqual([
      { model: "gpt-5-mini", capabilities: {} },
      { model: "gpt-4o", capabilities: {} },
    ]);
    expect(asked[0]!.headers).toMatchObject({ authorization: "Bearer sk-first" });
  });

  test("Anthropic says what each can do, page by page, without those that are retired", async () => {
    const yes = { supported: true };
    answers["/v1/models?limit=1000"] = {
      body: {
        data: [
          {
            id: "claude-a",
            lifecycle: "active",
            capabilities: { image_input: yes, structured_outputs: { supported: false }, thinking: yes },
            max_input_tokens: 200_000,
            max_tokens: 64_000,
          },
        ],
        has_more: true,
        last_id: "claude-a",
      },
    };
    answers["/v1/models?limit=1000&after_id=claude-a"] = {
      body: {
        data: [
          { id: "claude-b", capabilities: null, max_input_tokens: null },
          { id: "claude-old", lifecycle: "retired" },
        ],
        has_more: false,
      },
    };
    expect(await ask("anthropic")).toEqual([
      {
        model: "claude-a",
        capabilities: {
          chat: true,
          images: true,
          jsonSchema: false,
          reasoning: true,
          contextLength: 200_000,
          maxOutput: 64_000,
        },
      },
      { model: "claude-b", capabilities: { chat: true } },
    ]);
    expect(asked[0]!.headers).toMatchObject({ "x-api-key": "sk-ant", "anthropic-version": "2023-06-01" });
  });

  test.each<[string, object, ModelListing]>([
    [
      "openrouter",
      {
        id: "qwen/qwen3",
        context_length: 40_960,
        architecture: { input_modalities: ["text", "image"], output_modalities: ["text"] },
        supported_parameters: ["tools", "response_format", "reasoning"],
        top_provider: { max_completion_tokens: 8_192 },
      },
      {
        model: "qwen/qwen3",
        capabilities: {
          chat: true,
          images: true,
          tools: true,
          jsonSchema: false,
          jsonObject: true,
          reasoning: true,
          contextLength: 40_960,
          maxOutput: 8_192,
        },
      },
    ],
    [
      "mistral",
      {
        id: "mistral-small-latest",
        capabilities: { completion_chat: true, function_calling: true, vision: false },
        max_context_length: 32_768,
      },
      {
        model: "mistral-small-latest",
        capabilities: { chat: true, images: false, tools: true, contextLength: 32_768 },
      },
    ],
    [
      "groq",
      { id: "llama-3.1-8b-instant", active: true, context_window: 131_072, max_completion_tokens: 131_072 },
      { model: "llama-3.1-8b-instant", capabilities: { contextLength: 131_072, maxOutput: 131_072 } },
    ],
    ["vllm", { id: "own", max_model_len: 4_096 }, { model: "own", capabilities: { contextLength: 4_096 } }],
    ["gemini", { id: "models/gemini-2.5-pro" }, { model: "gemini-2.5-pro", capabilities: {} }],
    [
      "vllm",
      { id: "odd", context_length: "long", capabilities: 3, architecture: null },
      { model: "odd", capabilities: {} },
    ],
  ])("%s says of %j what it says", async (provider, entry, listing) => {
    answers["/v1/models"] = list(entry, { id: "gone", active: false }, { name: "no id" }, null as unknown as object);
    expect(await ask(provider)).toEqual([listing]);
  });

  test("Ollama is asked of each for itself, and one that it cannot show is known by its name", async () => {
    answers["/v1/models"] = list(
      { id: "gemma3:4b", owned_by: "library" },
      { id: "nomic-embed-text" },
      { id: "broken" },
    );
    answers['/api/show {"model":"gemma3:4b"}'] = {
      body: { capabilities: ["completion", "vision"], model_info: { "gemma3.context_length": 131_072 } },
    };
    answers['/api/show {"model":"nomic-embed-text"}'] = { body: { capabilities: ["embedding"] } };
    const others = { images: false, tools: false, reasoning: false };
    expect(await ask("ollama")).toEqual([
      {
        model: "gemma3:4b",
        capabilities: { ...others, chat: true, images: true, embeddings: false, contextLength: 131_072 },
      },
      { model: "nomic-embed-text", capabilities: { ...others, chat: false, embeddings: true } },
      { model: "broken", capabilities: {} },
    ]);
  });

  test("LM Studio is asked for its own list, and for OpenAI's where an older one has none", async () => {
    answers["/v1/models"] = list({ id: "plain" });
    expect(await ask("lm-studio")).toEqual([{ model: "plain", capabilities: {} }]);
    answers["/api/v0/models"] = list(
      { id: "qwen2-vl", type: "vlm", max_context_length: 32_768 },
      { id: "nomic", type: "embeddings", max_context_length: 2_048 },
    );
    expect(await ask("lm-studio")).toEqual([
      { model: "qwen2-vl", capabilities: { chat: true, images: true, embeddings: false, contextLength: 32_768 } },
      { model: "nomic", capabilities: { chat: false, images: false, embeddings: true, contextLength: 2_048 } },
    ]);
  });

  test.each<[string, string, Answer, RegExp | string]>([
    [
      "its own words",
      "openai",
      { status: 401, body: { error: { message: "Wrong key sk-first" } } },
      "OpenAI (HTTP 401): Wrong key [key]",
    ],
    ["that it is no list", "vllm", { body: { models: "none" } }, "vllm answers with what is no list of models"],
    ["that it is no JSON", "vllm", { body: "<html>" }, /vllm answers with what is no JSON/],
    ["that it is too long", "vllm", { body: " ".repeat(10_000_001) }, "vllm answers with more than 10 MB"],
  ])("fails with %s", async (_, provider, answer, message) => {
    answers["/v1/models"] = answer;
    await expect(ask(provider)).rejects.toThrow(message);
  });

  test("fails without a key, and where nobody listens, with what to do", async () => {
    await expect(ask("locked")).rejects.toMatchObject({ code: "model.no-key" });
    await expect(ask("dead")).rejects.toMatchObject({
      code: "model.unreachable",
      message: expect.stringContaining("dead"),
    });
  });

  test("is left when its time is over", async () => {
    answers["/v1/models"] = { body: null, hang: true };
    await expect(models.ask("vllm", AbortSignal.timeout(50))!).rejects.toMatchObject({ name: "TimeoutError" });
  });

  test("cannot be one that has no server", () => {
    expect(models.ask("echo", AbortSignal.timeout(1_000))).toBeNull();
    expect(models.ask("nobody", AbortSignal.timeout(1_000))).toBeNull();
  });
});
