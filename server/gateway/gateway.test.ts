import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import OpenAI, { APIError } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { embeddingProvider } from "../models/__fixtures__/embedding-provider.ts";
import { startModelServer } from "../../tests/helpers/model-server.ts";
import { faultServer } from "../models/__fixtures__/fault-server.ts";
import { testWorkspace, type TestWorkspace } from "../runner/__fixtures__/test-workspace.ts";
import { createGateway } from "./gateway.ts";

let workspace: TestWorkspace;
let client: OpenAI;
let url: string;
const server = createAdaptorServer({ fetch: (request) => createGateway(workspace.runtime).fetch(request) });

beforeAll(async () => {
  workspace = await testWorkspace();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  client = new OpenAI({ apiKey: "any", baseURL: url, maxRetries: 0 });
});
afterAll(async () => {
  server.close();
  await workspace[Symbol.asyncDispose]();
});

const hello = [{ role: "user", content: "Hello" }] as const;
const pixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const imageRequest = (url: string, more: object = {}) => ({
  model: "echo/text",
  messages: [{ role: "user", content: [{ type: "image_url", image_url: { url, ...more } }] }],
});
/** A request with one message that has more members, or other ones. */
const messageWith = (members: object) => ({ model: "echo/text", messages: [{ ...hello[0], ...members }] });
const post = (path: string, body: unknown, headers: { readonly [name: string]: string } = {}) =>
  fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const errorOf = async (answer: Response) =>
  ((await answer.json()) as { readonly error: { readonly code: string } }).error;
const problemOf = async (work: PromiseLike<unknown>): Promise<APIError> => {
  const thrown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(thrown).toBeInstanceOf(APIError);
  return thrown as APIError;
};

describe("POST /v1/chat/completions", () => {
  test("is answered by any model, by its name in Sheaf, as OpenAI's own client reads it", async () => {
    workspace.sent();
    const answer = await client.chat.completions.create({
      model: "openai/gpt-5-mini",
      messages: [{ role: "developer", content: "Be brief." }, ...hello],
      temperature: 0,
      max_completion_tokens: 20,
      reasoning_effort: "low",
      user: "somebody",
      n: 1,
    });
    expect(answer).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: "chat.completion",
      model: "openai/gpt-5-mini",
      choices: [{ index: 0, message: { role: "assistant", content: "<Hello>" }, finish_reason: "stop" }],
      usage: { total_tokens: expect.any(Number) },
    });
    expect(workspace.sent()).toEqual(["Be brief.\nHello"]);
    expect(workspace.server.requests().at(-1)!.body).toMatchObject({ temperature: 0, max_completion_tokens: 20 });
    const echoed = await client.chat.completions.create({ model: "echo/upper", messages: [...hello] });
    expect(echoed.choices[0]!.message.content).toBe("HELLO");
  });

  test("is refused where a budget of the workspace is spent, with a status after which clients do not ask again", async () => {
    await workspace.runtime.budgets.set({ type: "day" }, 0);
    try {
      const { status, message } = await problemOf(
        client.chat.completions.create({ model: "openai/gpt-5-mini", messages: [{ role: "user", content: "Broke" }] }),
      );
      expect([status, message]).toEqual([402, expect.stringContaining("today's budget of $0.00 is spent")]);
      const free = await client.chat.completions.create({ model: "echo/upper", messages: [...hello] });
      expect(free.choices[0]!.message.content).toBe("HELLO");
    } finally {
      await workspace.runtime.budgets.remove({ type: "day" });
    }
  });

  test("is in the journal with its price, and is sent each time unless the journal's answer is asked for", async () => {
    const body = { model: "openai/gpt-5-mini", messages: [{ role: "user", content: "What does it cost?" }] };
    workspace.sent();
    const first = await post("/chat/completions", body);
    expect(Number(first.headers.get("x-sheaf-cost"))).toBeGreaterThan(0);
    expect(first.headers.get("x-sheaf-cached")).toBe("false");
    await post("/chat/completions", body);
    expect(workspace.sent()).toHaveLength(2);
    const kept = await post("/chat/completions", body, { "x-sheaf-cache": "use" });
    expect([kept.headers.get("x-sheaf-cached"), workspace.sent()]).toEqual(["true", []]);
    const [call] = await workspace.runtime.journal.list({ limit: 1 });
    expect(call).toMatchObject({
      notebook: "",
      address: "v1",
      model: "openai/gpt-5-mini",
      key: first.headers.get("x-sheaf-call"),
      end: { state: "done", cost: Number(first.headers.get("x-sheaf-cost")) },
    });
  });

  test("streams, with its usage where that is wanted, and its end mark only after a good end", async () => {
    workspace.script = () => ({ text: ["One, ", "two, ", "three."], usage: { prompt: 3, completion: 6 } });
    const stream = await client.chat.completions.create({
      model: "server/small",
      messages: [...hello],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe("One, two, three.");
    expect(chunks[0]!.choices[0]!.delta.role).toBe("assistant");
    expect(chunks.at(-2)!.choices[0]!.finish_reason).toBe("stop");
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens: 6, total_tokens: 9 },
    });

    workspace.script = null;
  });

  test("says with the head of a stream which call of the journal it is", async () => {
    const answer = await post("/chat/completions", { model: "server/small", messages: hello, stream: true });
    await answer.text();
    const [call] = await workspace.runtime.journal.list({ limit: 1 });
    expect(call).toMatchObject({ address: "v1", key: answer.headers.get("x-sheaf-call") });
  });

  test("streams an answer that breaks off without an end mark, and says what happened", async () => {
    const provider = await faultServer(() => "a reset in mid-stream");
    await using faulty = await testWorkspace({ environment: { OPENAI_COMPATIBLE_BASE_URL: provider.url } });
    const body = { model: "server/small", messages: hello, stream: true };
    const answer = await createGateway(faulty.runtime).request("/v1/chat/completions", {
      method: "POST",
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    await provider.close();
    expect(text).toContain('"content":"Grüße, ');
    expect(text).toContain('"code":"model.truncated"');
    expect(text).not.toContain("[DONE]");
    expect(text).not.toContain('"finish_reason":"stop"');
  });

  test("that the client leaves is left at the provider's end at once", async () => {
    workspace.script = () => ({ text: ["A word ", "and more"], hang: "after-part" });
    const leave = new AbortController();
    const stream = await client.chat.completions.create(
      { model: "server/small", messages: [...hello], stream: true },
      { signal: leave.signal },
    );
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    leave.abort();
    await workspace.server.until((server) => server.inFlight().length === 0);
    await workspace.runtime.caller.settled();
    const [call] = await workspace.runtime.journal.list({ limit: 1 });
    expect(call!.end).toMatchObject({ state: "cancelled", text: "A word " });

    const waits: number[] = [];
    for (let times = 0; times < 20; times += 1) {
      const left = new AbortController();
      const again = await client.chat.completions.create(
        { model: "server/small", messages: [...hello], stream: true },
        { signal: left.signal },
      );
      for await (const chunk of again) if (chunk.choices[0]?.delta.content) break;
      const began = performance.now();
      left.abort();
      await workspace.server.until((server) => server.inFlight().length === 0);
      waits.push(performance.now() - began);
    }
    workspace.script = null;
    // A busy machine may be slow at some of them.
    expect(waits.toSorted((one, other) => one - other)[10]).toBeLessThan(100);
  });

  test("answers in a JSON Schema", async () => {
    workspace.script = () => '{"topic":"card"}';
    const schema = {
      type: "object",
      properties: { topic: { type: "string" } },
      required: ["topic"],
      additionalProperties: false,
    };
    const answer = await client.chat.completions.create({
      model: "server/small",
      messages: [...hello],
      response_format: { type: "json_schema", json_schema: { name: "topic", schema, strict: true } },
    });
    workspace.script = null;
    expect(JSON.parse(answer.choices[0]!.message.content!)).toEqual({ topic: "card" });
    expect(workspace.server.requests().at(-1)!.body).toMatchObject({ response_format: { json_schema: { schema } } });
  });

  test("asks for some JSON object where the client does", async () => {
    workspace.script = () => '{"topic":"card"}';
    const answer = await client.chat.completions.create({
      model: "server/small",
      messages: [{ role: "user", content: "Give the topic in JSON." }],
      response_format: { type: "json_object" },
    });
    workspace.script = null;
    expect(answer.choices[0]!.message.content).toBe('{"topic":"card"}');
    expect(workspace.server.requests().at(-1)!.body).toMatchObject({
      messages: [{ content: "Give the topic in JSON." }],
      response_format: { type: "json_object" },
    });
  });

  test("that fails has the status that clients know, the provider's words and what to do", async () => {
    const create = (model: string) => client.chat.completions.create({ model, messages: [...hello] });
    expect(await problemOf(create("nobody/knows"))).toMatchObject({ status: 404, code: "model.unknown" });
    expect(await problemOf(create("anthropic/claude-haiku-4-5"))).toMatchObject({
      status: 401,
      code: "model.no-key",
      message: expect.stringContaining("ANTHROPIC_API_KEY"),
    });
    workspace.script = () => ({ text: "temperature does not go with this model", status: 400 });
    expect(await problemOf(create("server/small"))).toMatchObject({
      status: 400,
      code: "model.bad-request",
      message: expect.stringContaining("temperature does not go with this model"),
    });
    workspace.script = null;
  });

  test.each([
    ["{", "request.not-json", null],
    ["[]", "request.body", null],
    [{ model: "echo/text" }, "request.body", "messages"],
    [{ model: 3, messages: hello }, "request.body", "model"],
    [{ model: "echo/text", messages: [{ role: "tool", content: "x" }] }, "request.message", "messages.0.role"],
    [
      {
        model: "echo/text",
        messages: [{ role: "user", content: [{ type: "input_audio", input_audio: {} }] }],
      },
      "request.message",
      "messages.0.content",
    ],
    [imageRequest("data:"), "request.image", "messages.0.content.0.image_url.url"],
    [imageRequest("https://example.com/a.png"), "request.image", "messages.0.content.0.image_url.url"],
    [imageRequest("data:image/png;base64,AAAA"), "request.image", "messages.0.content.0.image_url.url"],
    [imageRequest(pixel, { detail: "high" }), "request.not-supported", "messages.0.content.0.image_url.detail"],
    [
      { ...imageRequest(pixel), messages: [...imageRequest(pixel).messages, ...imageRequest(pixel).messages] },
      "request.image",
      "messages.1.content.0.image_url",
    ],
    [
      { ...imageRequest(pixel), messages: [{ ...imageRequest(pixel).messages[0], role: "assistant" }] },
      "request.image",
      "messages.0.content.0.image_url",
    ],
    [{ model: "echo/text", messages: hello, n: 2 }, "request.not-supported", "n"],
    [{ model: "echo/text", messages: hello, constructor: 1 }, "request.not-supported", "constructor"],
    [{ model: "echo/text", messages: hello, tools: [{ type: "function" }] }, "request.not-supported", "tools"],
    [{ model: "echo/text", messages: hello, service_tier: "priority" }, "request.not-supported", "service_tier"],
    [messageWith({ name: "bob" }), "request.not-supported", "messages.0.name"],
    [messageWith({ role: "assistant", audio: { id: "a" } }), "request.not-supported", "messages.0.audio"],
    [
      messageWith({ role: "assistant", function_call: { name: "f" } }),
      "request.not-supported",
      "messages.0.function_call",
    ],
    [messageWith({ role: "assistant", tool_calls: [{ id: "a" }] }), "request.not-supported", "messages.0.tool_calls"],
    [
      messageWith({ role: "assistant", content: null, tool_calls: [{ id: "a" }] }),
      "request.not-supported",
      "messages.0.tool_calls",
    ],
    [
      messageWith({ content: [{ type: "text", text: "Hi", citations: { enabled: true } }] }),
      "request.not-supported",
      "messages.0.content.0.citations",
    ],
    [{ model: "echo/text", messages: hello, reasoning_effort: "low" }, "model.bad-request", null],
    [{ model: "echo/text", messages: hello, api: "chat" }, "request.not-supported", "api"],
    [{ model: "echo/text", messages: hello, temperature: 9 }, "model.setting", null],
  ])("refuses %j, and says what of it", async (body, code, param) => {
    const answer = await post("/chat/completions", body);
    expect([answer.status, await errorOf(answer)]).toEqual([
      400,
      { type: "invalid_request_error", code, param, message: expect.any(String) },
    ]);
  });

  test("refuses a schema that goes deeper than 500 levels", async () => {
    const deep = Array.from({ length: 600 }).reduce<object>((items) => ({ items }), {});
    const response_format = { type: "json_schema", json_schema: { schema: deep } };
    const answer = await post("/chat/completions", { model: "echo/text", messages: hello, response_format });
    expect([answer.status, await errorOf(answer)]).toMatchObject([400, { code: "request.not-json" }]);
  });

  test("takes pictures as data, gives them to the model, and keeps them by their hash alone", async () => {
    const content = [
      { type: "image_url", image_url: { url: pixel } },
      { type: "text", text: "What is it?" },
    ];
    const answer = await post("/chat/completions", {
      model: "server/small",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content },
      ],
    });
    expect(answer.status).toBe(200);
    expect(workspace.server.requests().at(-1)!.body.messages.at(-1)!.content).toEqual(content);
    const more = [{ role: "user", content }, { role: "assistant", content: "A dot." }, ...hello];
    await post("/chat/completions", { model: "server/small", messages: more });
    expect(workspace.server.requests().at(-1)!.body.messages).toEqual(more);
    const key = answer.headers.get("x-sheaf-call")!;
    const [call] = await workspace.runtime.journal.list({ key, limit: 1 });
    expect(call!.request).toMatchObject({
      messages: [{}, { role: "user", content: "What is it?" }],
      images: [{ hash: expect.stringMatching(/^[0-9a-f]{64}$/), name: "image-1.png", mediaType: "image/png" }],
    });
  });

  test("takes what changes nothing", async () => {
    const body = {
      model: "echo/text",
      messages: [
        { role: "assistant", content: "Hi", tool_calls: null, function_call: null, audio: null, refusal: null },
        {
          role: "user",
          content: [{ type: "text", text: "Hello", cache_control: { type: "ephemeral" } }],
          tool_calls: [],
        },
      ],
      service_tier: "auto",
      tools: [],
      n: 1,
      frequency_penalty: 0,
      logit_bias: {},
      metadata: { a: "b" },
      stop: null,
    };
    expect((await post("/chat/completions", body)).status).toBe(200);
  });
});

describe("the other paths", () => {
  test("embed texts", async () => {
    const { data } = await client.embeddings.create({ model: "local/all-minilm-l6-v2", input: ["a card", "a car"] });
    expect(data.map(({ embedding, index }) => [embedding.length, index])).toEqual([
      [384, 0],
      [384, 1],
    ]);
    const [first] = data[0]!.embedding;
    const plain = await client.embeddings.create({
      model: "local/all-minilm-l6-v2",
      input: "a card",
      encoding_format: "float",
    });
    expect(plain.data[0]!.embedding[0]).toBeCloseTo(first!, 6);
    expect(plain.usage).toBeUndefined();
    expect(await problemOf(client.embeddings.create({ model: "local/all-minilm-l6-v2", input: "" }))).toMatchObject({
      status: 400,
      param: "input",
    });
  });

  test("embed texts with the headers of a call, or of several, each in the journal with what was said of it", async () => {
    const provider = embeddingProvider();
    await using priced = await testWorkspace({ environment: { OPENAI_API_KEY: "test" }, fetch: provider.fetch });
    const embed = (body: object, headers: { readonly [name: string]: string } = {}) =>
      createGateway(priced.runtime).request("/v1/embeddings", {
        method: "POST",
        headers,
        body: JSON.stringify({ model: "openai/text-embedding-3-small", ...body }),
      });
    const one = await embed({ input: "a", user: "somebody", dimensions: null });
    expect([one.status, one.headers.get("x-sheaf-cost"), one.headers.get("x-sheaf-cached")]).toEqual([
      200,
      String((2 * 0.02) / 1_000_000),
      "false",
    ]);
    const [call] = await priced.runtime.journal.list({ limit: 1 });
    expect(call).toMatchObject({
      key: one.headers.get("x-sheaf-call"),
      end: { response: { object: "list", model: "text-embedding-3-small", usage: { total_tokens: 2 } } },
    });
    expect(call!.end!.response).not.toHaveProperty("data");

    const many = await embed({ input: Array.from({ length: 300 }, (_, index) => `text ${index}`) });
    const calls = await priced.runtime.journal.list({ limit: 2 });
    expect(many.headers.get("x-sheaf-call")!.split(", ").toSorted()).toEqual(calls.map(({ key }) => key).toSorted());
    expect(Number(many.headers.get("x-sheaf-cost"))).toBeCloseTo((600 * 0.02) / 1_000_000, 12);
    provider.counts = false;
    expect((await embed({ input: "b" })).headers.get("x-sheaf-cost")).toBe("unpriced");
  });

  test("embed texts of a model of this machine for nothing, and in no call", async () => {
    const { headers } = await post("/embeddings", { model: "local/all-minilm-l6-v2", input: "a card" });
    expect(["x-sheaf-cost", "x-sheaf-cached", "x-sheaf-call"].map((name) => headers.get(name))).toEqual([
      "0",
      "false",
      null,
    ]);
  });

  test.each(["dimensions", "foo"])("embed nothing where `%s` would change the vectors", async (member) => {
    const answer = await post("/embeddings", { model: "local/all-minilm-l6-v2", input: "a", [member]: 3 });
    expect([answer.status, await errorOf(answer)]).toMatchObject([
      400,
      { code: "request.not-supported", param: member },
    ]);
  });

  test("list what a provider has that nobody asked before", async () => {
    await using provider = await startModelServer(
      () => ({ text: "" }),
      () => [{ id: "small" }, { id: "large" }],
    );
    await using other = await testWorkspace({ environment: { OPENAI_COMPATIBLE_BASE_URL: provider.baseUrl } });
    const answer = await createGateway(other.runtime).request("/v1/models");
    const { data } = (await answer.json()) as { readonly data: readonly { readonly id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(["server/small", "server/large"]));
  });

  test("list the models that are known by name, and know any that a provider may have", async () => {
    const { data } = await client.models.list();
    expect(data.map(({ id }) => id)).toContain("local/smollm2-135m-instruct");
    expect(await client.models.retrieve("openai/gpt-5-mini")).toMatchObject({
      id: "openai/gpt-5-mini",
      object: "model",
    });
    expect(await problemOf(client.models.retrieve("nobody/knows"))).toMatchObject({ status: 404 });
    const answer = await post("/completions", {});
    expect([answer.status, (await errorOf(answer)).code]).toEqual([404, "request.unknown"]);
  });

  test("take no more than 20 MB", async () => {
    const content = "x".repeat(21 * 2 ** 20);
    const answer = await post("/chat/completions", { model: "echo/text", messages: [{ role: "user", content }] });
    expect([answer.status, (await errorOf(answer)).code]).toEqual([413, "request.too-long"]);
  });
});
