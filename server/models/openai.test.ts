import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLightFetch } from "./light-fetch.ts";

import { collect, textOf } from "./__fixtures__/chat-model-conformance.ts";
import { errorScript, json, openaiChunk, openaiDelta, openaiProtocol, openaiUsage } from "./__fixtures__/protocols.ts";
import { deadAddress, scriptedServer, type ScriptedServer } from "./__fixtures__/scripted-server.ts";
import { createModels } from "./index.ts";
import { ModelError } from "./model-error.ts";
import type { ChatModel, ChatRequest, ImageInput, StreamPart } from "./model.ts";

const request: ChatRequest = { messages: [{ role: "user", content: "Hello" }], parameters: {} };
const key = "sk-secret-1234";

const imageOf = (name: string, mediaType = "image/png", size = 3): ImageInput => ({
  hash: "a".repeat(64),
  name,
  mediaType,
  bytes: async () => (size === 3 ? Uint8Array.of(1, 2, 3) : new Uint8Array(size)),
});

let server: ScriptedServer;
beforeAll(async () => void (server = await scriptedServer()));
afterAll(() => server.close());

function modelOf(name = "openai/gpt-test", baseUrl = `${server.url}/v1`): ChatModel {
  const environment = { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl };
  return createModels({ environment, fetch: createLightFetch(), endpoints: { here: { baseUrl } } }).chatModel(name);
}

async function ask(model: ChatModel, more: Partial<ChatRequest> = {}, parts: StreamPart[] = []): Promise<StreamPart[]> {
  return collect(model.stream({ ...request, ...more }, new AbortController().signal), parts);
}

async function failure(model: ChatModel, more: Partial<ChatRequest> = {}): Promise<ModelError> {
  const thrown: unknown = await ask(model, more).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ModelError);
  return thrown as ModelError;
}

/** The end of an answer with counts, in a stream and whole. */
const openaiDeltaWith = (usage: object, finish_reason = "stop"): string =>
  openaiChunk({ choices: [{ index: 0, delta: {}, finish_reason }], usage });
const wholeWith = (usage: object, finish_reason = "stop"): object => ({
  choices: [{ index: 0, message: { role: "assistant", content: "1, 2" }, finish_reason }],
  usage,
});

describe("a request to OpenAI", () => {
  test("has what is set, under OpenAI's names, and nothing else", async () => {
    server.play({ chunks: [openaiProtocol.answer(["Hi"])] });
    await ask(modelOf(), {
      messages: [{ role: "system", content: "Be short." }, ...request.messages],
      parameters: { temperature: 0, top_p: 0.5, max_tokens: 9, stop: ["\n"], seed: 3, reasoning_effort: "low" },
    });
    const { path, headers, body } = server.requests.at(-1)!;
    expect(path).toBe("/v1/chat/completions");
    expect(headers.authorization).toBe(`Bearer ${key}`);
    expect(body).toEqual({
      model: "gpt-test",
      messages: [
        { role: "system", content: "Be short." },
        { role: "user", content: "Hello" },
      ],
      temperature: 0,
      top_p: 0.5,
      max_completion_tokens: 9,
      stop: ["\n"],
      seed: 3,
      reasoning_effort: "low",
      stream: true,
      stream_options: { include_usage: true },
    });
    await ask(modelOf());
    expect(Object.keys(server.requests.at(-1)!.body).toSorted()).toEqual([
      "messages",
      "model",
      "stream",
      "stream_options",
    ]);
  });

  test("to a compatible server has its name of the limit, no key where it needs none, and continues text at /completions", async () => {
    server.play({ chunks: [openaiProtocol.answer(["Hi"])] });
    await ask(modelOf("here/a/model"), { parameters: { max_tokens: 9 } });
    expect(server.requests.at(-1)).toMatchObject({
      headers: { authorization: "Bearer none" },
      body: { model: "a/model", max_tokens: 9 },
    });
    const completion = (words: string, finish_reason: string | null = null): string =>
      openaiChunk({ choices: [{ index: 0, text: words, finish_reason }] });
    server.play({ chunks: [completion("there "), completion("was", "length"), "data: [DONE]\n\n"] });
    const parts = await ask(modelOf("here/base"), { messages: [], completion: "Once", parameters: { stop: ["\n"] } });
    expect(server.requests.at(-1)).toMatchObject({ path: "/v1/completions", body: { prompt: "Once", stop: ["\n"] } });
    expect(textOf(parts)).toBe("there was");
    expect(parts.at(-1)).toMatchObject({ type: "finish", reason: "length" });
  });

  test("has pictures before the text of the last message of the user", async () => {
    server.play({ chunks: [openaiProtocol.answer(["Hi"])] });
    await ask(modelOf(), { messages: [...request.messages, ...request.messages], images: [imageOf("front.png")] });
    expect(server.requests.at(-1)!.body["messages"]).toEqual([
      { role: "user", content: "Hello" },
      {
        role: "user",
        content: [
          { type: "image_url", image_url: { url: "data:image/png;base64,AQID" } },
          { type: "text", text: "Hello" },
        ],
      },
    ]);
  });

  test.each<[string, Partial<ChatRequest>]>([
    ["of another type", { images: [imageOf("drawing.svg", "image/svg+xml")] }],
    ["of more than 20 MB", { images: [imageOf("huge.png", "image/png", 20_000_001)] }],
    [
      "without a message of the user",
      { messages: [{ role: "system", content: "Hi" }], images: [imageOf("front.png")] },
    ],
  ])("is not made with a picture %s, and says what to do", async (_, more) => {
    const before = server.requests.length;
    expect(await failure(modelOf(), more)).toMatchObject({
      code: "model.image",
      cure: expect.any(String),
      facts: { unbilled: true },
    });
    expect(server.requests).toHaveLength(before);
  });

  test("is not made to continue text, and says what to do", async () => {
    expect(await failure(modelOf(), { completion: "Once" })).toMatchObject({
      code: "model.chat-only",
      cure: expect.stringContaining("completion"),
      facts: { unbilled: true },
    });
  });

  test("asks for a schema, wrapped where its root is no object, and gives the bare answer", async () => {
    server.play({ chunks: [openaiProtocol.answer(['{"ans', 'wer":"card_', 'arrival"}'])] });
    const parts = await ask(modelOf(), { schema: { enum: ["card_arrival", "exchange_rate"] } });
    expect(textOf(parts)).toBe("card_arrival");
    expect(server.requests.at(-1)!.body["response_format"]).toEqual({
      type: "json_schema",
      json_schema: {
        name: "answer",
        strict: true,
        schema: {
          type: "object",
          properties: { answer: { enum: ["card_arrival", "exchange_rate"] } },
          required: ["answer"],
          additionalProperties: false,
        },
      },
    });
  });
});

describe("a schema that admits any object", () => {
  const schema = { type: "object" };

  test("is asked for as some JSON object where the messages speak of JSON", async () => {
    server.play({ chunks: [openaiProtocol.answer(['{"a": 1}'])] });
    const messages = [{ role: "user", content: "Answer in JSON." }] as const;
    expect(textOf(await ask(modelOf(), { messages, schema }))).toBe('{"a": 1}');
    expect(server.requests.at(-1)!.body).toMatchObject({ messages, response_format: { type: "json_object" } });
  });

  // "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'": OpenAI, status 400.
  test("stands in the last message where none speaks of JSON", async () => {
    server.play({ chunks: [openaiProtocol.answer(['{"a": 1}'])] });
    await ask(modelOf(), { schema });
    expect(server.requests.at(-1)!.body).toMatchObject({
      messages: [{ content: 'Hello\n\nAnswer with JSON alone that fits this JSON Schema: {"type":"object"}' }],
      response_format: { type: "json_object" },
    });
  });

  test("somewhere inside is asked for without strictness, and so is any value", async () => {
    server.play({ chunks: [openaiProtocol.answer(['{"answer": [1]}'])] });
    expect(textOf(await ask(modelOf(), { schema: {} }))).toBe("[1]");
    const format = () => server.requests.at(-1)!.body["response_format"];
    expect(format()).toMatchObject({ json_schema: { strict: false, schema: { properties: { answer: {} } } } });
    const nested = { type: "object", properties: { data: schema }, required: ["data"], additionalProperties: false };
    await ask(modelOf(), { schema: nested });
    expect(format()).toEqual({
      type: "json_schema",
      json_schema: { name: "answer", strict: false, schema: nested },
    });
  });
});

describe("an answer of OpenAI", () => {
  test("has its usage and the model that answered", async () => {
    server.play({ chunks: [openaiProtocol.answer(["Hi"])] });
    expect((await ask(modelOf())).at(-1)).toEqual({
      type: "finish",
      reason: "stop",
      usage: { input: openaiUsage.prompt_tokens, output: openaiUsage.completion_tokens, cachedInput: 4, reasoning: 2 },
      model: "test-model-2025-10-09",
      raw: {
        id: "chatcmpl-1",
        object: "chat.completion.chunk",
        created: 1_760_000_000,
        model: "test-model-2025-10-09",
        choice: { index: 0, finish_reason: "stop" },
        usage: openaiUsage,
      },
    });
  });

  test("says its tokens of sound and of pictures, where there are some", async () => {
    const usage = {
      ...openaiUsage,
      prompt_tokens_details: { audio_tokens: 5, image_tokens: 0 },
      completion_tokens_details: { audio_tokens: 2, image_tokens: 3 },
    };
    server.play({
      chunks: [openaiDelta({ content: "Hi" }, "stop"), openaiChunk({ choices: [], usage }), "data: [DONE]\n\n"],
    });
    expect((await ask(modelOf())).at(-1)).toMatchObject({
      usage: { input: 12, output: 7, audio: 7, outputAudio: 2, image: 3, outputImage: 3 },
    });
  });

  // Counts as in https://discuss.ai.google.dev/t/127400, and by hand those of an answer that was all thought: Gemini leaves out what is 0.
  test.each([
    [
      { completion_tokens: 3, prompt_tokens: 9, total_tokens: 105 },
      { input: 9, output: 96, reasoning: 93 },
    ],
    [
      { prompt_tokens: 9, total_tokens: 105 },
      { input: 9, output: 96, reasoning: 96 },
    ],
    [
      { prompt_tokens: 9, total_tokens: 9 },
      { input: 9, output: 0 },
    ],
  ])("of Gemini has what was thought among its tokens, though its sum alone says it: %j", async (usage, counted) => {
    server.play({ chunks: [openaiDelta({ content: "1, 2" }), openaiDeltaWith(usage), "data: [DONE]\n\n"] });
    const [finish] = (await ask(modelOf("here/gemini-3-flash-preview"))).slice(-1);
    expect(finish).toMatchObject({ type: "finish", usage: counted });
    server.play({ headers: json, chunks: [JSON.stringify(wholeWith(usage))] });
    expect((await ask(modelOf("here/gemini-3-flash-preview"), { whole: true })).at(-1)).toMatchObject({
      usage: counted,
    });
  });

  // By hand after https://api-docs.deepseek.com/api/create-chat-completion and the types of Groq's SDK.
  test.each<[string, object, object]>([
    [
      "DeepSeek counts as read from its cache",
      { usage: { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29, prompt_cache_hit_tokens: 8 } },
      { input: 20, output: 9, cachedInput: 8 },
    ],
    [
      "DeepSeek counts twice",
      { usage: { ...openaiUsage, prompt_cache_hit_tokens: 4 } },
      { input: 12, output: 7, cachedInput: 4, reasoning: 2 },
    ],
    ["Groq counts beside the protocol", { x_groq: { id: "r", usage: openaiUsage } }, { input: 12, output: 7 }],
  ])("has what %s among its tokens", async (_, counts, counted) => {
    const end = openaiChunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: null, ...counts });
    server.play({ chunks: [openaiDelta({ content: "Hi" }), end, "data: [DONE]\n\n"] });
    expect((await ask(modelOf("here/model"))).at(-1)).toMatchObject({ type: "finish", usage: counted });
  });

  // By hand: no such server is known, and none is trusted to mean by its sum what Gemini does.
  test.each([
    ["more", 105],
    ["less", 2],
  ])("has no count of its tokens where the sum is %s than its parts and nothing says why", async (_, total_tokens) => {
    const usage = { completion_tokens: 3, prompt_tokens: 9, total_tokens };
    server.play({ chunks: [openaiDelta({ content: "1, 2" }), openaiDeltaWith(usage), "data: [DONE]\n\n"] });
    const [finish] = (await ask(modelOf("here/other"))).slice(-1);
    expect(finish).toMatchObject({ type: "finish", usage: { input: 9 } });
    expect(finish).not.toHaveProperty("usage.output");
  });

  test("comes whole through line ends of two bytes, comments, and characters cut in two", async () => {
    const bytes = new TextEncoder().encode(
      `: hello\r\n\r\n${openaiProtocol.answer(["Grüße ", "🌍"]).replaceAll("\n", "\r\n")}`,
    );
    server.play({
      chunks: Array.from({ length: bytes.length / 7 + 1 }, (_, index) => bytes.slice(index * 7, index * 7 + 7)),
    });
    expect(textOf(await ask(modelOf()))).toBe("Grüße 🌍");
  });

  test.each([
    ["length", "length"],
    ["content_filter", "content-filter"],
    ["tool_calls", "other"],
    // By hand: Gemini's words alone, as https://github.com/HKUDS/Vibe-Trading/pull/308 lists them, and behind one for all, as clients of its endpoint handle them.
    ["content_filter: PROHIBITED_CONTENT", "content-filter"],
    ["content_filter: RECITATION", "content-filter"],
    ["SAFETY", "content-filter"],
    ["RECITATION", "content-filter"],
    ["BLOCKLIST", "content-filter"],
    ["PROHIBITED_CONTENT", "content-filter"],
    ["SPII", "content-filter"],
    ["IMAGE_SAFETY", "content-filter"],
    ["MAX_TOKENS", "length"],
    ["STOP", "stop"],
  ])("that finished because of %s says %s", async (theirs, ours) => {
    server.play({ chunks: [openaiDelta({ content: "Hi" }), openaiDelta({}, theirs), "data: [DONE]\n\n"] });
    expect((await ask(modelOf())).at(-1)).toMatchObject({ type: "finish", reason: ours, usage: {} });
  });

  // By hand: a filter of Gemini's leaves out the message, streamed and whole.
  test("of which a filter left nothing, and no message either, is filtered", async () => {
    const choices = [{ index: 0, finish_reason: "content_filter: PROHIBITED_CONTENT" }];
    server.play({ chunks: [openaiChunk({ choices }), "data: [DONE]\n\n"] });
    expect((await ask(modelOf())).at(-1)).toMatchObject({ type: "finish", reason: "content-filter" });
    server.play({ headers: json, chunks: [JSON.stringify({ choices })] });
    expect((await ask(modelOf(), { whole: true })).at(-1)).toMatchObject({ type: "finish", reason: "content-filter" });
  });

  // By hand, as clients of Gemini's compatible endpoint handle it.
  test.each(["function_call_filter: MALFORMED_FUNCTION_CALL", "MALFORMED_FUNCTION_CALL"])(
    "that ended as %s is none, though text came before; it was counted and is not sent again",
    async (reason) => {
      server.play({
        chunks: [openaiDelta({ content: "Hi" }), openaiDeltaWith(openaiUsage, reason), "data: [DONE]\n\n"],
      });
      const parts: StreamPart[] = [];
      await expect(ask(modelOf(), {}, parts)).rejects.toMatchObject({
        code: "model.no-answer",
        message: expect.stringContaining(reason),
        facts: expect.not.objectContaining({ retryable: true }),
      });
      expect(parts.at(-1)).toMatchObject({ type: "usage", usage: { input: 12, output: 7 } });
    },
  );

  test("that is a refusal gives its words and is filtered", async () => {
    server.play({ chunks: [openaiDelta({ refusal: "I can't" }), openaiDelta({}, "stop"), "data: [DONE]\n\n"] });
    const parts = await ask(modelOf());
    expect(textOf(parts)).toBe("I can't");
    expect(parts.at(-1)).toMatchObject({ reason: "content-filter" });
  });

  test("keeps a compatible server's reasoning apart from its text", async () => {
    server.play({
      chunks: [openaiDelta({ reasoning_content: "hm" }), openaiDelta({ content: "Hi" }, "stop"), "data: [DONE]"],
    });
    const parts = await ask(modelOf("here/model"));
    expect(parts.filter(({ type }) => type !== "head")).toMatchObject([
      { type: "reasoning", text: "hm" },
      { type: "text", text: "Hi" },
      { type: "finish" },
    ]);
  });

  // By hand after Microsoft's "Content streaming in Azure OpenAI" › "Asynchronous filtering" › "Sample response stream (passes filters)":
  // https://github.com/MicrosoftDocs/azure-ai-docs/blob/main/articles/foundry/openai/concepts/content-streaming.md
  test("is whole where Azure's asynchronous filter speaks of it before and after its end", async () => {
    const hate = { hate: { filtered: false, severity: "safe" } };
    const unnamed = { id: "", object: "", created: 0, model: "" };
    const annotation = (end_offset: number): string =>
      openaiChunk({
        ...unnamed,
        choices: [
          {
            ...{ index: 0, finish_reason: null, content_filter_results: hate },
            content_filter_offsets: { check_offset: 44, start_offset: 44, end_offset },
          },
        ],
        usage: null,
      });
    server.play({
      chunks: [
        openaiChunk({
          ...unnamed,
          prompt_annotations: [{ prompt_index: 0, content_filter_results: hate }],
          choices: [],
        }),
        ...[openaiDelta({ role: "assistant" }), openaiDelta({ content: "Color" }), annotation(198)],
        ...[openaiDelta({ content: " is" }), openaiDelta({}, "stop"), annotation(571), "data: [DONE]\n\n"],
      ],
    });
    const parts = await ask(modelOf());
    expect(textOf(parts)).toBe("Color is");
    expect(parts.at(-1)).toMatchObject({
      ...{ type: "finish", reason: "stop", model: "test-model-2025-10-09" },
      raw: {
        ...{ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1_760_000_000 },
        prompt_annotations: [{ prompt_index: 0 }],
        choice: { finish_reason: "stop", content_filter_offsets: { end_offset: 571 } },
      },
    });
  });

  // By hand after "Asynchronous filtering" of the same page, whose signal may come when all is said.
  test("is filtered where Azure's asynchronous filter says so after it stopped, but not with more of a text", async () => {
    const signal = (delta: object): string =>
      openaiChunk({
        ...{ id: "", object: "", created: 0, model: "" },
        choices: [
          {
            ...{ index: 0, delta, finish_reason: "content_filter" },
            content_filter_results: { hate: { filtered: true, severity: "high" } },
            content_filter_offsets: { check_offset: 0, start_offset: 0, end_offset: 2 },
          },
        ],
      });
    const said = [openaiDelta({ content: "Hi" }), openaiDelta({}, "stop")];
    const counted = openaiChunk({ choices: [], usage: openaiUsage });
    server.play({ chunks: [...said, signal({}), counted, "data: [DONE]\n\n"] });
    expect((await ask(modelOf())).at(-1)).toMatchObject({
      ...{ type: "finish", reason: "content-filter", usage: { input: 12, output: 7 } },
      raw: { choice: { finish_reason: "content_filter", content_filter_results: { hate: { filtered: true } } } },
    });
    server.play({ chunks: [...said, signal({ content: "!" }), "data: [DONE]\n\n"] });
    expect(await failure(modelOf())).toMatchObject({ message: expect.stringContaining("went on after its end") });
    server.play({ chunks: [said[0]!, signal({}), said[1]!, "data: [DONE]\n\n"] });
    expect(await failure(modelOf())).toMatchObject({ message: expect.stringContaining("went on after its end") });
  });

  // By hand after https://github.com/ollama/ollama/issues/4357
  test.each(["abort", "error", "insufficient_system_resource"])(
    "that its server ended as %s did not come whole, which is said with its text and its usage",
    async (reason) => {
      server.play({
        chunks: [
          openaiProtocol.unfinished(["Hi"]),
          openaiChunk({ choices: [{ index: 0, delta: {}, finish_reason: reason }], usage: openaiUsage }),
          "data: [DONE]\n\n",
        ],
      });
      const parts: StreamPart[] = [];
      await expect(ask(modelOf(), {}, parts)).rejects.toMatchObject({
        code: "model.truncated",
        message: expect.stringContaining(reason),
      });
      expect(textOf(parts)).toBe("Hi");
      expect(parts.at(-1)).toMatchObject({ type: "usage", usage: { input: 12, output: 7 } });
    },
  );

  test("without a reason why it ended has its usage all the same", async () => {
    server.play({
      chunks: [openaiProtocol.unfinished(["Hi"]), openaiChunk({ choices: [], usage: openaiUsage }), "data: [DONE]\n\n"],
    });
    const parts: StreamPart[] = [];
    await expect(ask(modelOf(), {}, parts)).rejects.toMatchObject({ code: "model.truncated" });
    expect(parts.at(-1)).toMatchObject({ type: "usage", usage: { input: 12, output: 7 } });
  });

  test("goes on after an empty finish_reason, and ends with one that says something", async () => {
    const said = (content: string, reason: string): string => openaiDelta({ role: "assistant", content }, reason);
    server.play({ chunks: [said(" Hello", ""), said(" there", ""), said("", "length"), "data: [DONE]\n\n"] });
    const parts = await ask(modelOf("here/mistral"));
    expect(textOf(parts)).toBe(" Hello there");
    expect(parts.at(-1)).toMatchObject({ type: "finish", reason: "length" });
    server.play({ chunks: [said(" Hello", ""), "data: [DONE]\n\n"] });
    expect(await failure(modelOf("here/mistral"))).toMatchObject({ code: "model.truncated" });
  });

  test.each([
    ["text", openaiDelta({ content: "Hi" })],
    ["a thought", openaiDelta({ reasoning: "hm" })],
    ["a refusal", openaiDelta({ refusal: "I can't" })],
    ["another reason", openaiDelta({}, "length")],
  ])("is no answer where %s comes after its end", async (_, event) => {
    server.play({ chunks: [openaiDelta({ content: "Hi" }, "stop"), event, "data: [DONE]\n\n"] });
    expect(await failure(modelOf())).toMatchObject({ message: expect.stringContaining("went on after its end") });
  });

  test.each<[string, readonly string[], "end" | "cut"]>([
    ["no [DONE] after its finish_reason", [openaiDelta({ content: "Hi" }, "stop")], "end"],
    ["a [DONE] but no finish_reason", [openaiDelta({ content: "Hi" }), "data: [DONE]\n\n"], "end"],
    ["an event cut in two", [openaiDelta({ content: "Hi" }), 'data: {"choices": [{"del'], "end"],
    ["a broken connection", [openaiDelta({ content: "Hi" })], "cut"],
    ["nothing at all", [], "end"],
  ])("with %s is truncated and may be asked again", async (_, chunks, after) => {
    server.play({ chunks, after });
    expect(await failure(modelOf())).toMatchObject({ code: "model.truncated", facts: { retryable: true } });
  });

  test.each<[string, string, string]>([
    ["an error event", openaiProtocol.errorEvent, "The server had an error"],
    ["an event that is no JSON", "data: {oops}\n\n", "no JSON"],
    ["a choice that is nothing", openaiChunk({ choices: [null] }), 'no event of an answer: {"id":"chatcmpl-1"'],
    ["a text that is none", openaiDelta({ content: 7 }), 'no event of an answer: {"id":"chatcmpl-1"'],
  ])("with %s after text is an error with the provider's words", async (_, event, words) => {
    server.play({ chunks: [openaiDelta({ content: "Hi" }), event, "data: [DONE]\n\n"] });
    expect(await failure(modelOf())).toMatchObject({
      code: "model.provider-failed",
      message: expect.stringContaining(words),
    });
  });

  // By hand: Ollama breaks off so, and some proxies answer so, though the type is that of events.
  test.each<[string, string, string, string]>([
    [
      "an error",
      '{"error":{"message":"llama runner terminated","type":"api_error"}}\n',
      "model.provider-failed",
      "llama runner",
    ],
    ["an error with a number", '{\n  "error": { "message": "busy",\n "code": 503 }\n}', "model.overloaded", "busy"],
    [
      "a list of errors",
      '[{"error":{"message":"busy","code":503,"status":"UNAVAILABLE"}}]',
      "model.overloaded",
      "busy",
    ],
    ["an error of vLLM", '{"object":"error","message":"no such luck","code":400}', "model.bad-request", "no such luck"],
    [
      "a text",
      "Internal Server Error",
      "model.truncated",
      "broke off: it ended with what is no event: Internal Server",
    ],
    ["an answer", '{"choices":[]}', "model.truncated", 'it ended with what is no event: {"choices":[]}'],
  ])("in whose place, or after whose beginning, stands %s that is no event says so", async (_, said, code, words) => {
    for (const before of ["", ": ping\r\n\r\n", openaiDelta({ content: "Hi" })])
      for (const chunks of [[before + said], [...before, ...said]]) {
        server.play({ chunks });
        expect(await failure(modelOf())).toMatchObject({ code, message: expect.stringContaining(words) });
      }
  });

  // By hand, after the errors that vLLM answers with its statuses, and the types of Groq's SDK, by which it says why a stream was stopped early.
  test.each<[string, readonly object[], string, string]>([
    [
      "vLLM's own shape",
      [{ object: "error", message: "EngineDeadError", type: "internal_server_error", param: null, code: 500 }],
      "model.provider-failed",
      "EngineDeadError",
    ],
    [
      "Groq's, beside its end",
      [
        { usage: openaiUsage },
        { choices: [{ index: 0, delta: {}, finish_reason: "stop" }], x_groq: { error: "over capacity" } },
      ],
      "model.provider-failed",
      "over capacity",
    ],
  ])(
    "with an error in %s is none, though it ends well, and what was counted is booked",
    async (_, said, code, words) => {
      const events = said.map((event) => `data: ${JSON.stringify(event)}\n\n`);
      server.play({
        chunks: [
          openaiDelta({ content: "Hi" }),
          openaiDeltaWith(openaiUsage, ""),
          ...events,
          openaiDelta({}, "stop"),
          "data: [DONE]\n\n",
        ],
      });
      const parts: StreamPart[] = [];
      await expect(ask(modelOf(), {}, parts)).rejects.toMatchObject({ code, message: `OpenAI: ${words}` });
      expect(textOf(parts)).toBe("Hi");
      expect(parts.at(-1)).toMatchObject({ type: "usage", usage: { input: 12, output: 7 } });
    },
  );

  test.each(["application/x-ndjson", "application/jsonl"])(
    "that is JSON a line, %s, says of what type it is",
    async (type) => {
      // As Ollama's own API answers, where its address is taken for the compatible one.
      const chunks = ['{"message":{"content":"a"},"done":false}\n{"done":true}\n'];
      server.play({ headers: { "content-type": type }, chunks });
      expect(await failure(modelOf())).toMatchObject({
        code: "model.provider-failed",
        message: `OpenAI: the answer is ${type} and no stream of events`,
      });
    },
  );

  test("that is a 200 with an error body, or a page, is an error", async () => {
    server.play({ headers: json, chunks: [openaiProtocol.errorBody("bad things")] });
    expect(await failure(modelOf())).toMatchObject({
      code: "model.bad-request",
      message: expect.stringContaining("bad things"),
    });
    server.play({ headers: { "content-type": "text/html" }, chunks: ["<p>Log in</p>"] });
    expect(await failure(modelOf())).toMatchObject({
      message: expect.stringContaining("text/html"),
      cure: expect.stringContaining(`Check that ${server.url}/v1 is where OpenAI has this API.`),
    });
  });

  test("that is called text/plain is read where it has events, and is no answer where it has none", async () => {
    const headers = { "content-type": "text/plain; charset=utf-8" };
    server.play({ headers, chunks: [openaiProtocol.answer(["Good ", "day"])] });
    const signal = new AbortController().signal;
    expect(textOf(await collect(modelOf().stream(request, signal)))).toBe("Good day");
    server.play({ headers, chunks: [openaiProtocol.unfinished(["Good "])] });
    expect(await failure(modelOf())).toMatchObject({ code: "model.truncated" });
    server.play({ headers, chunks: ["All is well."] });
    expect(await failure(modelOf())).toMatchObject({
      code: "model.provider-failed",
      message: "OpenAI: the answer is text/plain; charset=utf-8 and no stream of events",
    });
  });

  test("of several, which nobody asked for, is the first and not all of them mixed", async () => {
    const of = (index: number, content: string, finish_reason: string | null = null): string =>
      openaiChunk({ choices: [{ index, delta: { content }, finish_reason }] });
    server.play({
      chunks: [
        of(1, "no"),
        of(0, "yes"),
        of(1, "", "length"),
        of(0, "", "stop"),
        openaiChunk({ choices: [], usage: openaiUsage }),
        "data: [DONE]\n\n",
      ],
    });
    const parts = await collect(modelOf().stream(request, new AbortController().signal));
    expect(textOf(parts)).toBe("yes");
    expect(parts.at(-1)).toMatchObject({ type: "finish", reason: "stop" });
  });
});

describe("an error of OpenAI", () => {
  test.each([
    ["insufficient_quota", 429, "model.quota"],
    ["context_length_exceeded", 400, "model.context-length"],
    ["content_filter", 400, "model.content-filter"],
  ])("with the code %s is known by it", async (theirs, status, code) => {
    server.play({ status, headers: json, chunks: [JSON.stringify({ error: { message: "no", code: theirs } })] });
    expect(await failure(modelOf())).toMatchObject({ code, facts: { retryable: false } });
  });

  test("never shows the key", async () => {
    server.play(errorScript(openaiProtocol, 401, `Incorrect API key provided: ${key}`));
    const error = await failure(modelOf());
    expect(error.message).not.toContain(key);
    expect(error.cure).toContain("OPENAI_API_KEY");
  });

  test("says where nobody answers", async () => {
    const url = await deadAddress();
    expect(await failure(modelOf("openai/gpt-test", `${url}/v1`))).toMatchObject({
      code: "model.unreachable",
      message: expect.stringMatching(/127\.0\.0\.1.*ECONNREFUSED/),
      facts: { retryable: true, unbilled: true },
    });
  });
});

describe("embeddings of OpenAI's protocol", () => {
  const embedder = (name: string) =>
    createModels({
      environment: { OPENAI_API_KEY: key, OPENAI_BASE_URL: `${server.url}/v1` },
      fetch: createLightFetch(),
      endpoints: { here: { baseUrl: `${server.url}/v1` } },
    }).embeddingModel(name);

  test("are unit vectors in the texts' order", async () => {
    const data = [
      { index: 1, embedding: [0, 2] },
      { index: 0, embedding: [3, 4] },
    ];
    server.play({ headers: json, chunks: [JSON.stringify({ object: "list", model: "e", data })] });
    const model = embedder("here/e");
    expect(model.dimensions).toBe(0);
    const { vectors } = await model.embed(["a", "b"]);
    expect(vectors.map((vector) => Array.from(vector, (value) => Math.round(value * 10) / 10))).toEqual([
      [0.6, 0.8],
      [0, 1],
    ]);
    expect(model.dimensions).toBe(2);
    expect(embedder("openai/text-embedding-3-small").dimensions).toBe(1_536);
  });

  // As Gemini's compatible endpoint answers: https://github.com/samfoy/pi-session-search/issues/13
  test("are of the text at their place where they have no index", async () => {
    const data = [{ embedding: [1, 0] }, { index: 1, embedding: [0, 1] }, { index: null, embedding: [-1, 0] }];
    server.play({ headers: json, chunks: [JSON.stringify({ object: "list", model: "e", data })] });
    const { vectors } = await embedder("here/e").embed(["a", "b", "c"]);
    expect(vectors.map((vector) => [...vector])).toEqual([
      [1, 0],
      [0, 1],
      [-1, 0],
    ]);
  });

  const good = { index: 0, embedding: [1, 0] };
  test.each<[string, readonly unknown[], string]>([
    ["of which two are of one text", [good, { ...good, embedding: [0, 1] }], "no vector has the index 1 of 2"],
    ["of which one is of a text before", [{ embedding: [0, 1] }, good], "no vector has the index 1 of 2"],
    ["of a text that was not asked for", [good, { ...good, index: 2 }], "no vector has the index 1 of 2"],
    ["that are base64", [good, { index: 1, embedding: "AACAPwAAAAA=" }], "place 1 is no list of numbers"],
    ["without numbers", [good, { index: 1, embedding: [] }], "place 1 is no list of numbers"],
    ["with what is no number", [good, { index: 1, embedding: [1, null] }], "place 1 is no list of numbers"],
    ["of which one is nothing", [good, null], "place 1 is no list of numbers"],
    ["of two lengths", [good, { index: 1, embedding: [1, 0, 0] }], "vectors of 2 and of 3 numbers"],
  ])("%s are an error that may pass", async (_, data, words) => {
    server.play({ headers: json, chunks: [JSON.stringify({ object: "list", model: "e", data })] });
    await expect(embedder("here/e").embed(["a", "b"])).rejects.toMatchObject({
      ...{ code: "model.provider-failed", facts: { retryable: true } },
      message: expect.stringContaining(words),
    });
  });

  test("of which some are missing are an error", async () => {
    server.play({ headers: json, chunks: [JSON.stringify({ object: "list", model: "e", data: [] })] });
    await expect(embedder("openai/e").embed(["a"])).rejects.toMatchObject({
      message: expect.stringContaining("0 vectors for 1 texts"),
    });
  });

  test("stop when aborted", async () => {
    server.play({ headers: json, chunks: ["{"], after: "hang" });
    const controller = new AbortController();
    const embedding = embedder("openai/e").embed(["a"], controller.signal);
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await expect(embedding).rejects.toThrow("enough");
  });
});
