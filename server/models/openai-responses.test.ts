import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect, textOf } from "./__fixtures__/chat-model-conformance.ts";
import {
  errorScript,
  json,
  responsesDelta,
  responsesEnd,
  responsesEvent,
  responseObject,
  responsesProtocol,
  responsesUsage,
} from "./__fixtures__/protocols.ts";
import { scriptedServer, type ScriptedServer } from "./__fixtures__/scripted-server.ts";
import { openAIWholeAnswer } from "./batches/openai-whole-answer.ts";
import { createModels } from "./index.ts";
import { createLightFetch } from "./light-fetch.ts";
import type { ChatModel, ChatRequest, StreamPart } from "./model.ts";
import { protocolOf, responsesUse } from "./openai-protocol.ts";

const request: ChatRequest = { messages: [{ role: "user", content: "Hello" }], parameters: {} };

let server: ScriptedServer;
beforeAll(async () => void (server = await scriptedServer()));
afterAll(() => server.close());

const modelOf = (name = "openai/test-pro"): ChatModel => {
  const baseUrl = `${server.url}/v1`;
  const environment = { OPENAI_API_KEY: "sk-secret-1234", OPENAI_BASE_URL: baseUrl };
  return createModels({ environment, fetch: createLightFetch(), endpoints: { here: { baseUrl } } }).chatModel(name);
};

const ask = (more: Partial<ChatRequest> = {}, model = modelOf(), parts: StreamPart[] = []): Promise<StreamPart[]> =>
  collect(model.stream({ ...request, ...more }, new AbortController().signal), parts);

describe("the protocol of a model of OpenAI", () => {
  test.each([
    ["o3-pro", "only"],
    ["gpt-5.2-pro-2025-12-11", "only"],
    ["gpt-5.1-codex-max", "only"],
    ["codex-mini-latest", "only"],
    ["o4-mini-deep-research", "only"],
    ["computer-use-preview", "only"],
    ["o3", "preferred"],
    ["o4-mini-2025-04-16", "preferred"],
    ["gpt-5-mini", "preferred"],
    ["gpt-5.6-sol", "preferred"],
    ["ft:o4-mini-2025-04-16:acme:pro:7p4lURel", "preferred"],
    ["gpt-5-chat-latest", "asked"],
    ["gpt-5-search-api", "asked"],
    ["o1-mini", "asked"],
    ["gpt-4o", "asked"],
    ["gpt-4.1-nano", "asked"],
    ["ft:gpt-4o-mini-2024-07-18:acme:pro:7p4lURel", "asked"],
  ])("%s: Responses is %s", (model, use) => {
    expect(responsesUse(model)).toBe(use);
  });

  test("is the one that can say all that is set, and the one that a notebook names", () => {
    expect(protocolOf("preferred", request)).toBe("responses");
    expect(protocolOf("preferred", { ...request, parameters: { stop: ["\n"] } })).toBe("chat");
    expect(protocolOf("preferred", { ...request, parameters: { seed: 1 } })).toBe("chat");
    expect(protocolOf("preferred", { ...request, parameters: { max_tokens: 15 } })).toBe("chat");
    expect(protocolOf("preferred", { ...request, parameters: { max_tokens: 16 } })).toBe("responses");
    expect(protocolOf("preferred", { ...request, parameters: { api: "chat" } })).toBe("chat");
    expect(protocolOf("only", { ...request, parameters: { seed: 1 } })).toBe("responses");
    expect(protocolOf("asked", request)).toBe("chat");
    expect(protocolOf("asked", { ...request, parameters: { api: "responses" } })).toBe("responses");
  });

  test("is Chat Completions behind a proxy, unless the model answers nowhere else, and Responses at OpenAI itself", async () => {
    const pathOf = async (name: string, environment: { [variable: string]: string }): Promise<string> => {
      const { http } = createModels({ environment, fetch, endpoints: {} }).chatModel(name);
      return (await http!.post(request)).path;
    };
    const proxy = { OPENAI_BASE_URL: "http://127.0.0.1:1/v1" };
    expect(await pathOf("openai/gpt-5-mini", proxy)).toBe("/chat/completions");
    expect(await pathOf("openai/o3-pro", proxy)).toBe("/responses");
    expect(await pathOf("openai/gpt-5-mini", {})).toBe("/responses");
    expect(await pathOf("openai/gpt-4o", {})).toBe("/chat/completions");
  });
});

describe("a request to Responses", () => {
  test("has what is set, under its names, and is not stored", async () => {
    server.play({ chunks: [responsesProtocol.answer(["Hi"])] });
    await ask({
      messages: [{ role: "system", content: "Be short." }, ...request.messages],
      parameters: { temperature: 0, top_p: 0.5, max_tokens: 9, reasoning_effort: "low" },
      schema: { enum: ["a", "b"] },
    });
    expect(server.requests.at(-1)).toMatchObject({ path: "/v1/responses" });
    expect(server.requests.at(-1)!.body).toEqual({
      model: "test-pro",
      input: [
        { role: "system", content: "Be short." },
        { role: "user", content: "Hello" },
      ],
      store: false,
      stream: true,
      reasoning: { effort: "low", summary: "auto" },
      temperature: 0,
      top_p: 0.5,
      max_output_tokens: 9,
      text: {
        format: {
          type: "json_schema",
          name: "answer",
          strict: true,
          schema: {
            type: "object",
            properties: { answer: { enum: ["a", "b"] } },
            required: ["answer"],
            additionalProperties: false,
          },
        },
      },
    });
  });

  test("asks for some JSON object where the schema admits any", async () => {
    server.play({ chunks: [responsesProtocol.answer(["{}"])] });
    await ask({ messages: [{ role: "user", content: "JSON, please" }], schema: { type: "object" } });
    expect(server.requests.at(-1)!.body).toMatchObject({
      input: [{ role: "user", content: "JSON, please" }],
      text: { format: { type: "json_object" } },
    });
  });

  test("has pictures before the text of the last message of the user", async () => {
    server.play({ chunks: [responsesProtocol.answer(["Hi"])] });
    const bytes = async (): Promise<Uint8Array> => Uint8Array.of(1, 2, 3);
    await ask({ images: [{ hash: "a".repeat(64), name: "front.webp", mediaType: "image/webp", bytes }] });
    expect(server.requests.at(-1)!.body["input"]).toEqual([
      {
        role: "user",
        content: [
          { type: "input_image", image_url: "data:image/webp;base64,AQID", detail: "auto" },
          { type: "input_text", text: "Hello" },
        ],
      },
    ]);
  });

  test("to a compatible server that is asked for it asks for no summary", async () => {
    server.play({ chunks: [responsesProtocol.answer(["Hi"])] });
    expect(textOf(await ask({ parameters: { api: "responses" } }, modelOf("here/model")))).toBe("Hi");
    expect(server.requests.at(-1)!.body).toEqual({
      model: "model",
      input: [{ role: "user", content: "Hello" }],
      store: false,
      stream: true,
    });
  });

  test.each<[string, Partial<ChatRequest>, string]>([
    ["stop", { parameters: { stop: ["\n"] } }, "model.bad-request"],
    ["seed", { parameters: { seed: 1 } }, "model.bad-request"],
    ["completion", { completion: "Once" }, "model.chat-only"],
  ])("is not made with %s, and says what to do", async (word, more, code) => {
    const before = server.requests.length;
    await expect(ask(more)).rejects.toMatchObject({
      code,
      cure: expect.stringContaining(word),
      facts: { unbilled: true },
    });
    expect(server.requests).toHaveLength(before);
  });

  test("is made without a summary, now and later, where the account gets none", async () => {
    let refusals = 0;
    const bodies: { reasoning?: unknown }[] = [];
    const environment = { OPENAI_API_KEY: "key" };
    const model = createModels({
      environment,
      endpoints: {},
      fetch: async (_, init) => {
        const sent = JSON.parse(String(init?.body)) as { reasoning?: { summary?: string } };
        bodies.push(sent);
        if (sent.reasoning?.summary === undefined)
          return new Response(responsesProtocol.answer(["Hi"]), { headers: { "content-type": "text/event-stream" } });
        refusals += 1;
        const error = {
          message: "Your organization must be verified to generate reasoning summaries.",
          type: "invalid_request_error",
          param: "reasoning.summary",
          code: "unsupported_value",
        };
        return new Response(JSON.stringify({ error }), { status: 400, headers: json });
      },
    }).chatModel("openai/gpt-5-mini");
    expect(textOf(await ask({}, model))).toBe("Hi");
    expect(textOf(await ask({ parameters: { reasoning_effort: "low" } }, model))).toBe("Hi");
    expect(refusals).toBe(1);
    expect(bodies.map(({ reasoning }) => reasoning)).toEqual([{ summary: "auto" }, undefined, { effort: "low" }]);
  });
});

describe("an answer of Responses", () => {
  test("has its usage and the model that answered", async () => {
    server.play({ chunks: [responsesProtocol.answer(["Hi"])] });
    expect((await ask()).at(-1)).toMatchObject({
      type: "finish",
      reason: "stop",
      usage: { input: 12, output: 7, cachedInput: 4, reasoning: 2 },
      model: "test-model-2025-10-09",
    });
  });

  test.each([
    ["max_output_tokens", "length"],
    ["content_filter", "content-filter"],
    ["something_new", "other"],
  ])("that is incomplete because of %s says %s, and keeps its text and its usage", async (reason, ours) => {
    server.play({
      chunks: [responsesProtocol.unfinished(["Hi"]), responsesEnd("incomplete", { incomplete_details: { reason } })],
    });
    const parts = await ask();
    expect(textOf(parts)).toBe("Hi");
    expect(parts.at(-1)).toMatchObject({
      reason: ours,
      usage: { input: 12, output: 7 },
      raw: { status: "incomplete" },
    });
  });

  const outputOf = (...texts: readonly string[]): object => ({
    output: texts.map((text) => ({ type: "message", content: [{ type: "output_text", text }] })),
  });
  const inWhole = (status: string, members: object) => ({
    headers: json,
    chunks: [JSON.stringify({ ...responseObject(status, { usage: responsesUsage, ...members }), ...outputOf("Hi") })],
  });
  const inStream = (status: string, members: object) => ({
    chunks: [
      responsesProtocol.unfinished(["Hi"]),
      responsesEvent("response.completed", { response: responseObject(status, { usage: responsesUsage, ...members }) }),
    ],
  });
  /** Of a batch, as a body. */
  const inBatch = (status: string, members: object) =>
    openAIWholeAnswer({ ...responseObject(status, { usage: responsesUsage, ...members }), ...outputOf("Hi") });

  test.each<[string, object, string]>([
    ["incomplete", { incomplete_details: { reason: "max_output_tokens" } }, "length"],
    ["incomplete", { incomplete_details: { reason: "content_filter" } }, "content-filter"],
    ["incomplete", {}, "length"],
    ["completed", { incomplete_details: { reason: "max_output_tokens" } }, "length"],
  ])("that says it is %s with %j is that, whatever the event is called", async (status, members, ours) => {
    for (const [script, whole] of [
      [inStream, false],
      [inWhole, true],
    ] as const) {
      server.play(script(status, members));
      const parts = await ask({ whole });
      expect([textOf(parts), parts.at(-1)]).toMatchObject(["Hi", { reason: ours, usage: { input: 12, output: 7 } }]);
    }
    expect(inBatch(status, members)).toMatchObject({ text: "Hi", finish: ours, usage: { input: 12, output: 7 } });
  });

  test.each<[string, object, string, string]>([
    ["failed", { error: { code: "server_error", message: "it crashed" } }, "model.provider-failed", "it crashed"],
    ["completed", { error: { message: "it crashed" } }, "model.provider-failed", "it crashed"],
    ["cancelled", {}, "model.provider-failed", '"cancelled"'],
    ["in_progress", {}, "model.truncated", '"in_progress"'],
  ])("that says it is %s with %j is an error after its usage", async (status, members, code, words) => {
    for (const [script, whole] of [
      [inStream, false],
      [inWhole, true],
    ] as const) {
      server.play(script(status, members));
      const parts: StreamPart[] = [];
      await expect(ask({ whole }, modelOf(), parts)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(words),
      });
      expect(parts.at(-1)).toMatchObject({ type: "usage", usage: { input: 12, output: 7 } });
    }
    expect(inBatch(status, members)).toBeNull();
  });

  test("that is a refusal gives its words and is filtered", async () => {
    server.play({
      chunks: [
        responsesProtocol.unfinished([]),
        responsesEvent("response.refusal.delta", { output_index: 0, delta: "I can't" }),
        responsesEnd("completed"),
      ],
    });
    const parts = await ask();
    expect(textOf(parts)).toBe("I can't");
    expect(parts.at(-1)).toMatchObject({ reason: "content-filter" });
  });

  test("keeps the parts of what was thought apart from its text and from one another", async () => {
    const thought = (delta: string): string => responsesEvent("response.reasoning_summary_text.delta", { delta });
    const part = responsesEvent("response.reasoning_summary_part.added");
    server.play({
      chunks: [
        responsesProtocol.unfinished([]),
        [part, thought("First"), thought("."), part, thought("Then.")].join(""),
        responsesDelta("Hi") + responsesEnd("completed"),
      ],
    });
    const parts = await ask();
    expect(parts.map((one) => (one.type === "reasoning" ? one.text : "")).join("")).toBe("First.\n\nThen.");
    expect(textOf(parts)).toBe("Hi");
  });

  test("has what is said on the way to it as thought, streamed as in a batch", async () => {
    const output = [
      { type: "reasoning", summary: [{ type: "summary_text", text: "A card." }] },
      { type: "message", phase: "commentary", content: [{ type: "output_text", text: "I look it up." }] },
      { type: "reasoning", content: [{ type: "reasoning_text", text: " Found." }] },
      { type: "message", phase: "final_answer", content: [{ type: "output_text", text: "It is lost." }] },
    ];
    const added = (index: number) =>
      responsesEvent("response.output_item.added", { output_index: index, item: { ...output[index], content: [] } });
    const said = (type: string, index: number, delta: string) =>
      responsesEvent(`response.${type}.delta`, { output_index: index, delta });
    server.play({
      chunks: [
        added(0) + responsesEvent("response.reasoning_summary_part.added"),
        said("reasoning_summary_text", 0, "A card."),
        added(1) + said("output_text", 1, "I look ") + said("output_text", 1, "it up."),
        responsesEvent("response.output_text.done", { output_index: 1, text: "I look it up." }),
        added(2) + said("reasoning_text", 2, " Found."),
        added(3) + said("output_text", 3, "It is lost."),
        responsesEnd("completed", { output }),
      ],
    });
    const parts = await ask();
    const thought = parts.map((part) => (part.type === "reasoning" ? part.text : "")).join("");
    const whole = openAIWholeAnswer({ object: "response", status: "completed", output });
    expect([textOf(parts), thought]).toEqual(["It is lost.", "A card.\n\nI look it up. Found."]);
    expect([whole?.text, whole?.reasoning]).toEqual([textOf(parts), thought]);
  });

  test("to a schema whose root is no object is the bare answer", async () => {
    server.play({ chunks: [responsesProtocol.answer(['{"ans', 'wer":"a"}'])] });
    expect(textOf(await ask({ schema: { enum: ["a", "b"] } }))).toBe("a");
  });

  test("that failed is an error in the provider's words, after its usage", async () => {
    const error = { code: "rate_limit_exceeded", message: "Request too large on tokens per min: Limit 30000." };
    server.play({ chunks: [responsesProtocol.unfinished(["Hi"]), responsesEnd("failed", { error })] });
    const parts: StreamPart[] = [];
    await expect(ask({}, modelOf(), parts)).rejects.toMatchObject({
      code: "model.rate-limited",
      message: expect.stringContaining("Limit 30000"),
    });
    expect(parts.at(-1)).toEqual({ type: "usage", usage: { input: 12, output: 7, cachedInput: 4, reasoning: 2 } });
  });

  test.each<[string, readonly string[]]>([
    ["nothing after its text", [responsesProtocol.unfinished(["Hi"])]],
    ["a [DONE] in place of its end", [responsesProtocol.unfinished(["Hi"]), "data: [DONE]\n\n"]],
    ["its last event cut in two", [responsesProtocol.answer(["Hi"]).slice(0, -40)]],
  ])("with %s is no answer", async (_, chunks) => {
    server.play({ chunks });
    await expect(ask()).rejects.toMatchObject({ code: expect.stringMatching(/^model\.(truncated|provider-failed)$/) });
  });

  test("has an event once that comes twice, and twice what is said twice", async () => {
    const said = (number: number, delta: string): string => numbered(number, responsesDelta(delta));
    server.play({ chunks: [said(3, "ha"), said(4, "ha"), said(4, "ha"), said(5, "!"), responsesEnd("completed")] });
    expect(textOf(await ask())).toBe("haha!");
    // Of a server that counts nothing.
    server.play({ chunks: [said(0, "ha"), said(0, "ha"), responsesEnd("completed")] });
    expect(textOf(await ask())).toBe("haha");
  });

  const numbered = (number: number, event: string): string =>
    event.replace(/"sequence_number":0/, `"sequence_number":${number}`);
  const unnumbered = (events: string): string => events.replaceAll(/"sequence_number":\d+,/g, "");
  const closed = (text: string): string => responsesEvent("response.output_text.done", { text });
  const closedPart = (part: object): string => responsesEvent("response.content_part.done", { part });
  const all = (...events: readonly string[]): string => events.map((event, index) => numbered(index, event)).join("");
  const goesOn = responsesEvent("response.in_progress");
  const end = responsesEnd("completed");

  test.each<[string, string]>([
    [
      "a gap in the numbers of its events",
      all(responsesDelta("The answer is "), responsesDelta("not "), "", responsesDelta("7"), end),
    ],
    [
      "a gap after its first event",
      numbered(0, responsesDelta("The ")) + numbered(2, responsesDelta("is 7")) + numbered(3, end),
    ],
    ["a gap before its end", all(responsesDelta("The answer "), responsesDelta("is 7"), "", end)],
    [
      "less than the event that closes it says",
      responsesDelta("The answer is 7") + closed("The answer is not 7") + end,
    ],
    ["more than that", responsesDelta("The ").repeat(2) + responsesDelta("answer") + closed("The answer") + end],
    [
      "less than the end of its part says",
      responsesDelta("The 7") + closedPart({ type: "output_text", text: "The answer" }) + end,
    ],
    [
      "less than its refusal",
      responsesEvent("response.refusal.delta", { delta: "The " }) +
        closedPart({ type: "refusal", refusal: "The one" }) +
        end,
    ],
    [
      "less than the whole response says",
      responsesDelta("The 7") + responsesEnd("completed", outputOf("The answer is 7")),
    ],
    [
      "less than an incomplete one says",
      responsesDelta("The 7") + responsesEnd("incomplete", outputOf("The answer is")),
    ],
    ["one text of two", responsesDelta("The ") + closed("The ") + closed("answer") + end],
    [
      "a commentary that is not said to be one",
      responsesDelta("The ") +
        responsesDelta("answer") +
        responsesEnd("completed", {
          output: [{ phase: "commentary", content: [{ text: "The " }] }, { content: [{ text: "answer" }] }],
        }),
    ],
  ])("with %s did not come whole, which is said with its text, its usage and its request", async (_, body) => {
    server.play({ chunks: [body] });
    const parts: StreamPart[] = [];
    await expect(ask({}, modelOf(), parts)).rejects.toMatchObject({
      code: "model.truncated",
      message: expect.stringMatching(/did not come whole: (?:the numbers of its events|its text)/),
      facts: { retryable: true },
    });
    expect(parts).toContainEqual(expect.objectContaining({ type: "head", requestId: "request-1" }));
    expect(textOf(parts)).toMatch(/^The /);
    expect(parts.at(-1)).toEqual({ type: "usage", usage: { input: 12, output: 7, cachedInput: 4, reasoning: 2 } });
  });

  test.each<[string, string]>([
    ["number nothing", unnumbered(responsesProtocol.answer(["The ", "answer"]))],
    ["number all with 0", responsesProtocol.answer(["The ", "answer"]).replaceAll(/(?<="sequence_number":)\d+/g, "0")],
    ["number some and not others", all(goesOn, responsesDelta("The "), "", responsesDelta("answer")) + unnumbered(end)],
    [
      "number in steps",
      numbered(0, responsesDelta("The ")) + numbered(5, responsesDelta("answer")) + numbered(10, end),
    ],
    ["begin to number again", all(goesOn, responsesDelta("The "), "", responsesDelta("answer")) + end],
    [
      "begin with another number",
      numbered(7, responsesDelta("The ")) + numbered(8, responsesDelta("answer")) + numbered(9, end),
    ],
    [
      "leave out events that are no text",
      all(goesOn, "", responsesDelta("The "), responsesDelta("answer")) +
        numbered(6, responsesEnd("completed", outputOf("The answer"))),
    ],
    ["close nothing and say no output", responsesDelta("The ") + responsesDelta("answer") + end],
    [
      "say no text where they close it",
      responsesDelta("The answer") + closed("") + closedPart({ type: "output_text" }) + end,
    ],
    [
      "close a text under another index",
      responsesDelta("The answer") +
        responsesEvent("response.output_text.done", { output_index: 1, content_index: 3, text: "The answer" }) +
        end,
    ],
    [
      "close a thought as a part",
      responsesDelta("The answer") + closedPart({ type: "reasoning_text", text: "Hm" }) + end,
    ],
    [
      "take white space away where they say it whole",
      responsesDelta("\n\nThe answer\n") + closed("The answer") + responsesEnd("completed", outputOf("The answer")),
    ],
    [
      "close each of its texts twice",
      responsesDelta("The ") +
        closed("The ") +
        closedPart({ type: "output_text", text: "The " }) +
        responsesDelta("answer") +
        closed("answer") +
        closedPart({ type: "output_text", text: "answer" }) +
        responsesEnd("completed", outputOf("The ", "answer")),
    ],
  ])("is good from servers that %s", async (_, body) => {
    server.play({ chunks: [body] });
    const parts = await ask();
    expect(textOf(parts).trim()).toBe("The answer");
    expect(parts.at(-1)).toMatchObject({ type: "finish", reason: "stop" });
  });

  test("comes from servers that leave out the names of events", async () => {
    server.play({ chunks: [responsesProtocol.answer(["Hi"]).replaceAll(/^event: .*\n/gm, "")] });
    expect(textOf(await ask())).toBe("Hi");
  });
});

test("an error of Responses has the provider's words, is sent once, and never shows the key", async () => {
  server.play(errorScript(responsesProtocol, 401, "Incorrect API key provided: sk-secret-1234"));
  const before = server.requests.length;
  await expect(ask()).rejects.toMatchObject({
    code: "model.unauthorized",
    message: expect.stringContaining("[key]"),
    facts: { status: 401 },
  });
  expect(server.requests.length - before).toBe(1);
});
