import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Datum } from "#server/notebook/value.ts";
import { createLightFetch } from "./light-fetch.ts";

import { collect, textOf } from "./__fixtures__/chat-model-conformance.ts";
import { anthropicEvent, anthropicProtocol, errorScript } from "./__fixtures__/protocols.ts";
import { scriptedServer, type ScriptedServer } from "./__fixtures__/scripted-server.ts";
import { createModels } from "./index.ts";
import type { ChatModel, ChatRequest, StreamPart } from "./model.ts";

const request: ChatRequest = { messages: [{ role: "user", content: "Hello" }], parameters: {} };
const key = "sk-secret-1234";

let server: ScriptedServer;
beforeAll(async () => void (server = await scriptedServer()));
afterAll(() => server.close());

const modelOf = (name = "claude-test"): ChatModel =>
  createModels({
    environment: { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: server.url },
    fetch: createLightFetch(),
    endpoints: {},
  }).chatModel(`anthropic/${name}`);

const ask = (more: Partial<ChatRequest> = {}, name?: string, parts: StreamPart[] = []): Promise<StreamPart[]> =>
  collect(modelOf(name).stream({ ...request, ...more }, new AbortController().signal), parts);

const ended = (stop_reason: string | null): string =>
  anthropicProtocol.unfinished(["Hi"]) +
  anthropicEvent("message_delta", { delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 7 } }) +
  anthropicEvent("message_stop");

const began = (index: number): string =>
  anthropicEvent("content_block_start", { index, content_block: { type: "text", text: "" } });
const stopped = (index: number): string => anthropicEvent("content_block_stop", { index });
const said = (index: number, text: string): string =>
  anthropicEvent("content_block_delta", { index, delta: { type: "text_delta", text } });
const block = (index: number, events: string): string => began(index) + events + stopped(index);
const ping = anthropicEvent("ping");
/** A whole answer with these blocks. */
const withBlocks = (blocks: string): string => anthropicProtocol.answer([]).replace(block(0, ping), blocks);

describe("a request to Anthropic", () => {
  test("has what is set, under Anthropic's names, with the head's system messages apart", async () => {
    server.play({ chunks: [anthropicProtocol.answer(["Hi"])] });
    await ask({
      messages: [
        { role: "system", content: "Be short." },
        { role: "system", content: "Be kind." },
        ...request.messages,
      ],
      parameters: { temperature: 0, top_p: 0.5, max_tokens: 9, stop: ["\n"] },
    });
    const { path, headers, body } = server.requests.at(-1)!;
    expect(path).toBe("/v1/messages");
    expect(headers.authorization).toBe(`Bearer ${key}`);
    expect(body).toEqual({
      model: "claude-test",
      system: "Be short.\n\nBe kind.",
      messages: [{ role: "user", content: "Hello" }],
      max_tokens: 9,
      temperature: 0,
      top_p: 0.5,
      stop_sequences: ["\n"],
      stream: true,
    });
  });

  test("writes nothing to the console, also of a model that its library knows to be deprecated", async () => {
    const written = vi.spyOn(console, "warn");
    server.play({ chunks: [anthropicProtocol.answer(["Hi"])] });
    expect(textOf(await ask({}, "claude-sonnet-4-5"))).toBe("Hi");
    expect(written).not.toHaveBeenCalled();
    written.mockRestore();
  });

  test("has the limit Anthropic demands where none is set", async () => {
    server.play({ chunks: [anthropicProtocol.answer(["Hi"])] });
    await ask();
    expect(server.requests.at(-1)!.body).toEqual({
      model: "claude-test",
      messages: [{ role: "user", content: "Hello" }],
      max_tokens: 4_096,
      stream: true,
    });
  });

  test("has pictures before the text of the last message of the user", async () => {
    server.play({ chunks: [anthropicProtocol.answer(["Hi"])] });
    const bytes = async (): Promise<Uint8Array> => Uint8Array.of(1, 2, 3);
    const images = [{ hash: "a".repeat(64), name: "front.jpg", mediaType: "image/jpeg", bytes }];
    const messages = [{ role: "system", content: "Hi" }, ...request.messages] as const;
    await ask({ images, messages });
    await ask({ images, messages: [...messages, { role: "user", content: "Again" }], imageMessage: 1 });
    const [once, again] = server.requests.slice(-2).map(({ body }) => body["messages"]);
    expect(again).toEqual([...(once as readonly object[]), { role: "user", content: "Again" }]);
    expect(once).toEqual([
      {
        role: "user",
        content: [
          { type: "image", source: { type: "base64", media_type: "image/jpeg", data: "AQID" } },
          { type: "text", text: "Hello" },
        ],
      },
    ]);
  });

  test("asks for a schema as an output format and gives the bare answer", async () => {
    server.play({ chunks: [anthropicProtocol.answer(['{"answer":', "42}"])] });
    expect(textOf(await ask({ schema: { type: "number" } }))).toBe("42");
    expect(server.requests.at(-1)!.body["output_config"]).toEqual({
      format: {
        type: "json_schema",
        schema: {
          type: "object",
          properties: { answer: { type: "number" } },
          required: ["answer"],
          additionalProperties: false,
        },
      },
    });
  });

  test.each<[string, Datum, string, string]>([
    ["any value", {}, '```json\n{"answer": 1}\n```', '{"answer": 1}'],
    ["any object", { type: "object" }, '{"a": 1}', '{"a": 1}'],
    ["an object with any value in it", { type: "object", properties: { a: {} } }, '{"a": [1]}', '{"a": [1]}'],
  ])("has a schema of %s in its last message, for Anthropic's are closed", async (_, schema, text, answer) => {
    server.play({ chunks: [anthropicProtocol.answer([text])] });
    expect(textOf(await ask({ schema }))).toBe(answer);
    const { stream: __, ...body } = server.requests.at(-1)!.body;
    const content = `Hello\n\nAnswer with JSON alone that fits this JSON Schema: ${JSON.stringify(schema)}`;
    expect(body).toEqual({ model: "claude-test", max_tokens: 4_096, messages: [{ role: "user", content }] });
    expect(await modelOf().http!.post({ ...request, schema })).toMatchObject({ body });
    const line = await modelOf().batches!.line({ id: "one", request: { ...request, schema } });
    expect(JSON.parse(line.text)).toEqual({ custom_id: "one", params: body });
    expect(line.inWords).toEqual({ jsonObject: false });
  });

  test.each([
    [
      "claude-sonnet-5",
      "low",
      { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort: "low" } },
    ],
    ["claude-opus-4-5", "high", { output_config: { effort: "high" } }],
    ["claude-sonnet-5", "none", { thinking: { type: "disabled" } }],
  ])("of %s has the effort %s as Anthropic says it, and asks to read what was thought", async (name, effort, more) => {
    server.play({ chunks: [anthropicProtocol.answer(["Hi"])] });
    await ask({ parameters: { reasoning_effort: effort } }, name);
    expect(server.requests.at(-1)!.body).toEqual({
      model: name,
      messages: [{ role: "user", content: "Hello" }],
      max_tokens: 4_096,
      stream: true,
      ...more,
    });
  });

  test.each<[string, Partial<ChatRequest>, string]>([
    ["text to be continued", { completion: "Once" }, "model.chat-only"],
    ["a seed", { parameters: { seed: 1 } }, "model.bad-request"],
    ["a protocol", { parameters: { api: "responses" } }, "model.bad-request"],
  ])("is not made with %s, and says what to do", async (_, more, code) => {
    const before = server.requests.length;
    await expect(ask(more)).rejects.toMatchObject({
      code,
      cure: expect.stringMatching(/Remove/),
      facts: { unbilled: true },
    });
    expect(server.requests).toHaveLength(before);
  });
});

describe("an answer of Anthropic", () => {
  test("says how much of what was written to the cache is kept for an hour", async () => {
    const written = {
      ...{ input_tokens: 8, output_tokens: 7, cache_read_input_tokens: 4, cache_creation_input_tokens: 5 },
      cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 3 },
    };
    const chunks = anthropicProtocol.answer(["Hi"]);
    server.play({ chunks: [chunks.replace(/"usage":\{[^}]*\}/, () => `"usage":${JSON.stringify(written)}`)] });
    const parts = await ask();
    expect(parts.at(-1)).toMatchObject({
      type: "finish",
      usage: { input: 17, output: 7, cachedInput: 4, cacheWrite: 5, hourCacheWrite: 3 },
    });
  });

  test("has its usage, cached tokens among the input, first as far as it is known and then whole", async () => {
    server.play({ chunks: [anthropicProtocol.answer(["Hi"])] });
    const parts = await ask();
    expect(parts.find(({ type }) => type === "usage")).toEqual({
      type: "usage",
      usage: { input: 12, output: 1, cachedInput: 4, cacheWrite: 0 },
    });
    expect(parts.at(-1)).toEqual({
      type: "finish",
      reason: "stop",
      usage: { input: 12, output: 7, cachedInput: 4, cacheWrite: 0 },
      model: "test-model-20251009",
      raw: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "test-model-20251009",
        content: [{ type: "text" }],
        stop_reason: "end_turn",
        usage: { input_tokens: 8, cache_creation_input_tokens: 0, cache_read_input_tokens: 4, output_tokens: 7 },
      },
    });
  });

  test.each([
    ["stop_sequence", "stop"],
    ["max_tokens", "length"],
    ["refusal", "content-filter"],
    ["a_new_reason", "other"],
  ])("that stopped because of %s says %s", async (theirs, ours) => {
    server.play({ chunks: [ended(theirs)] });
    expect((await ask()).at(-1)).toMatchObject({ type: "finish", reason: ours });
  });

  test("keeps thinking apart from its text", async () => {
    const thinking = block(
      1,
      anthropicEvent("content_block_delta", { index: 1, delta: { type: "thinking_delta", thinking: "hm" } }),
    );
    server.play({ chunks: [thinking, anthropicProtocol.answer(["Hi"])] });
    const parts = await ask();
    expect(parts.filter(({ type }) => type === "reasoning")).toEqual([{ type: "reasoning", text: "hm" }]);
    expect(textOf(parts)).toBe("Hi");
  });

  test("has what a block begins with", async () => {
    const begun = (index: number, content_block: object): string =>
      anthropicEvent("content_block_start", { index, content_block });
    const blocks =
      begun(0, { type: "thinking", thinking: "h", signature: "s" }) +
      anthropicEvent("content_block_delta", { index: 0, delta: { type: "thinking_delta", thinking: "m" } }) +
      stopped(0) +
      begun(1, { type: "text", text: "HEAD " }) +
      said(1, "hello") +
      stopped(1);
    server.play({ chunks: [withBlocks(blocks)] });
    const parts = await ask();
    expect(parts.map((part) => (part.type === "reasoning" ? part.text : "")).join("")).toBe("hm");
    expect([textOf(parts), parts.at(-1)]).toMatchObject([
      "HEAD hello",
      { raw: { content: [{ type: "thinking", signature: "s" }, { type: "text" }] } },
    ]);
    expect(JSON.stringify(parts.at(-1))).not.toContain("HEAD");
  });

  test("without a reason why it stopped has its usage all the same", async () => {
    server.play({ chunks: [ended(null)] });
    const parts: StreamPart[] = [];
    await expect(ask({}, undefined, parts)).rejects.toMatchObject({ code: "model.truncated" });
    expect(parts.at(-1)).toMatchObject({ type: "usage", usage: { input: 12, output: 7 } });
  });

  test.each([
    ["no message_stop", ended("end_turn").replace(anthropicEvent("message_stop"), "")],
    ["no reason why it stopped", ended(null)],
  ])("with %s is truncated", async (_, body) => {
    server.play({ chunks: [body] });
    await expect(ask()).rejects.toMatchObject({ code: "model.truncated" });
  });

  test.each([
    ["a piece after the end of its block", block(0, said(0, "Hel")) + said(0, "lo")],
    ["a piece of a block that did not begin", said(0, "Hel") + stopped(0)],
    ["a piece of another block than is open", block(0, said(0, "Hel") + said(1, "lo"))],
    ["a block that begins twice", block(0, began(0) + said(0, "Hello"))],
    ["a block that begins again after its end", block(0, said(0, "Hel")) + block(0, said(0, "lo"))],
  ])("with %s did not come whole, which is said with its text and its usage", async (_, blocks) => {
    server.play({ chunks: [withBlocks(blocks)] });
    const parts: StreamPart[] = [];
    await expect(ask({}, undefined, parts)).rejects.toMatchObject({
      code: "model.truncated",
      message: expect.stringMatching(/did not come whole: a (?:block|piece) of it/),
      facts: { retryable: true },
    });
    expect(textOf(parts)).toMatch(/^Hel/);
    expect(parts.at(-1)).toEqual({ type: "usage", usage: { input: 12, output: 7, cachedInput: 4, cacheWrite: 0 } });
  });

  test("has all its blocks, one after another or side by side, and pings anywhere", async () => {
    const blocks =
      block(0, said(0, "A") + ping) + ping + began(1) + began(2) + said(1, "B") + said(2, "C") + stopped(1);
    server.play({ chunks: [withBlocks(blocks)] });
    expect(textOf(await ask())).toBe("ABC");
  });

  test.each([
    ["a beginning without a message", "message_start", {}],
    ["an end without a delta", "message_delta", { usage: { output_tokens: 7 } }],
    ["a text that is none", "content_block_delta", { index: 0, delta: { type: "text_delta" } }],
    ["a thought that is none", "content_block_delta", { index: 0, delta: { type: "thinking_delta", thinking: 1 } }],
  ])("with %s is an error with that event, and may be asked again", async (_, type, members) => {
    server.play({ chunks: [began(0), anthropicEvent(type, { ...members, said: key })] });
    await expect(ask()).rejects.toMatchObject({
      code: "model.provider-failed",
      message: `Anthropic: the stream has what is no event of an answer: ${JSON.stringify({ type, ...members, said: "[key]" })}`,
      facts: { retryable: true },
    });
  });

  test("with an error event after text is that error", async () => {
    server.play({ chunks: [anthropicProtocol.unfinished(["Hi"]), anthropicProtocol.errorEvent] });
    await expect(ask()).rejects.toMatchObject({
      code: "model.overloaded",
      message: expect.stringContaining("Overloaded"),
      facts: { retryable: true },
    });
  });
});

test.each([
  [401, "model.unauthorized"],
  [404, "model.not-found"],
  [429, "model.rate-limited"],
  [529, "model.overloaded"],
])("an error of Anthropic of status %d is %s, is sent once, and has the provider's words", async (status, code) => {
  server.play(errorScript(anthropicProtocol, status, `not so: ${key}`));
  const before = server.requests.length;
  await expect(ask()).rejects.toMatchObject({
    code,
    message: expect.stringContaining("not so: [key]"),
    facts: { status },
  });
  expect(server.requests.length - before).toBe(1);
});

test("Anthropic without its key says which variable to set", async () => {
  const model = createModels({ environment: {}, fetch: createLightFetch(), endpoints: {} }).chatModel(
    "anthropic/claude-test",
  );
  await expect(model.ready?.()).rejects.toMatchObject({
    code: "model.no-key",
    cure: expect.stringContaining("ANTHROPIC_API_KEY"),
  });
});
