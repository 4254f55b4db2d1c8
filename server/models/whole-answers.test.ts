import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isMapping } from "#server/notebook/is-mapping.ts";
import {
  type Protocol,
  chatProviders,
  errorScript,
  json,
  openaiUsage,
  responseObject,
  responsesUsage,
} from "./__fixtures__/protocols.ts";
import { collect, testChatModel, textOf } from "./__fixtures__/chat-model-conformance.ts";
import { modelsAt } from "./__fixtures__/models-at.ts";
import { scriptedServer, type Script, type ScriptedServer } from "./__fixtures__/scripted-server.ts";
import type { Models } from "./index.ts";
import type { ChatRequest, StreamPart } from "./model.ts";

const request: ChatRequest = { messages: [{ role: "user", content: "Say hello to the whole world" }], parameters: {} };
const parts = ["Grüße, ", "schöne ", "Welt 🌍", "!"];

let server: ScriptedServer;
let streaming: Models;
let whole: Models;

beforeAll(async () => {
  server = await scriptedServer();
  streaming = modelsAt(server.url);
  whole = modelsAt(server.url, { streaming: false });
});
afterAll(() => server.close());

const answer = (body: string | object, more: Partial<Script> = {}): Script => ({
  headers: json,
  chunks: [typeof body === "string" ? body : JSON.stringify(body)],
  ...more,
});

async function read(model: string, script: Script, of = whole, more: Partial<ChatRequest> = {}): Promise<StreamPart[]> {
  server.play(script);
  return collect(of.chatModel(model).stream({ ...request, ...more }, new AbortController().signal));
}

const finishOf = (read: readonly StreamPart[]) => read.find((part) => part.type === "finish");
const reasoningOf = (read: readonly StreamPart[]): string =>
  read.map((part) => (part.type === "reasoning" ? part.text : "")).join("");

/** The members of an object that say something. */
function saidIn(value: unknown): unknown {
  if (!isMapping(value)) return value;
  const said = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(said.map(([name, member]) => [name, saidIn(member)]));
}

describe.each(chatProviders)("$name, of a model that does not stream,", ({ name, model, protocol }) => {
  testChatModel(name, {
    streams: false,
    answering: async () => {
      server.play(answer(protocol.whole(parts)));
      return { model: whole.chatModel(model), request, text: parts.join("") };
    },
    endless: async () => {
      server.play(answer(protocol.whole(parts).slice(0, 80), { after: "hang" }));
      const before = server.requests.length;
      const begun = (async () => {
        while (server.requests.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
      })();
      const stopped = begun.then(() => server.requests[before]?.abandoned);
      return { model: whole.chatModel(model), request, begun, stopped };
    },
    failing: async () => {
      server.play(errorScript(protocol, 401, "wrong key"));
      return { model: whole.chatModel(model), request, code: "model.unauthorized" };
    },
    cut: async () => {
      server.play(answer(protocol.whole(parts).slice(0, -60)));
      return { model: whole.chatModel(model), request };
    },
  });

  test("is not asked for a stream, and gives what one would give in parts", async () => {
    const headers = { "x-ratelimit-limit-requests": "60", "anthropic-ratelimit-requests-limit": "60" };
    const streamed = await read(model, { chunks: [protocol.answer(parts)], headers }, streaming);
    expect(server.requests.at(-1)!.body).toMatchObject({ stream: true });
    const read1 = await read(model, answer(protocol.whole(parts), { headers: { ...json, ...headers } }));
    expect(Object.keys(server.requests.at(-1)!.body)).not.toContain("stream");
    expect(Object.keys(server.requests.at(-1)!.body)).not.toContain("stream_options");
    expect(textOf(read1)).toBe(textOf(streamed));
    expect(read1[0]).toMatchObject({ type: "head", requestId: "request-1", limits: { requests: { limit: 60 } } });
    expect(read1[0]).toEqual(streamed[0]);
    const { raw, ...finish } = finishOf(read1)!;
    const { raw: rawOfStream, ...finishOfStream } = finishOf(streamed)!;
    expect(finish).toEqual(finishOfStream);
    const { choice, ...saidOfStream } = rawOfStream as { readonly choice?: object };
    expect({ ...raw, object: null }).toMatchObject({
      ...{ ...saidOfStream, object: null },
      ...(choice === undefined ? {} : { choices: [choice] }),
      ...(name === "anthropic" && { usage: { output_tokens: 7 } }),
    });
    expect(raw).toEqual(saidIn(JSON.parse(protocol.whole(parts))));
  });

  test.each(["a stream that comes whole", "a whole answer that comes as a stream"])(
    "is read as it comes: %s",
    async (way) => {
      const comesWhole = way.startsWith("a stream");
      const script = comesWhole ? answer(protocol.whole(parts)) : { chunks: [protocol.answer(parts)] };
      const got = await read(model, script, comesWhole ? streaming : whole);
      expect(textOf(got)).toBe(parts.join(""));
      expect(finishOf(got)).toMatchObject({ reason: "stop", usage: { input: 12, output: 7 } });
    },
  );

  test.each(["a stream", "a whole answer"])(
    "that is asked for %s and gives an object that is none says where to look, and is not asked again",
    async (way) => {
      server.play(answer('{"detail":"not loaded"}'));
      const of = way === "a stream" ? streaming : whole;
      const thrown: unknown = await collect(of.chatModel(model).stream(request, new AbortController().signal)).catch(
        (e: unknown) => e,
      );
      expect(thrown).toMatchObject({
        message: expect.stringContaining('the answer is not as answers are: {"detail":"not loaded"}'),
        cure: expect.stringMatching(
          way === "a stream" ? /is where .* has this API\. .* page Models/ : /is where .* has this API\.$/,
        ),
        facts: { retryable: false, requestId: "request-1" },
      });
    },
  );

  test.each<[string, (protocol: Protocol) => Script, string, RegExp]>([
    ["a 200 with an error", ({ errorBody }) => answer(errorBody("no such luck")), "model.bad-request", /no such luck/],
    ["an error in words of its own", () => answer('{"detail":"not loaded"}'), "model.provider-failed", /not loaded/],
    [
      "a page",
      () => ({ headers: { "content-type": "text/html" }, chunks: ["<html>"] }),
      "model.provider-failed",
      /text\/html and no JSON/,
    ],
    ["what is no JSON", () => answer("{'text': 1}"), "model.provider-failed", /no JSON: \{'text': 1\}/],
    ["what is no object", () => answer("[1, 2]"), "model.provider-failed", /no object: \[1, 2\]/],
    [
      "one with nothing where there should be something",
      ({ whole: of }) => answer(of(parts).replace(/"(choices|output|content)":\[/, '"$1":[null,')),
      "model.provider-failed",
      /the answer is not as answers are: \{"/,
    ],
    ["nothing", () => answer(""), "model.truncated", /broke off/],
    ["half an answer", ({ whole: of }) => answer(of(parts).slice(0, 200)), "model.truncated", /broke off/],
    [
      "half an answer and a broken connection",
      ({ whole: of }) => answer(of(parts).slice(0, 200), { after: "cut" }),
      "model.truncated",
      /broke off/,
    ],
    [
      "half a character",
      ({ whole: of }) =>
        answer(of(["Gr\u00fc"]), {
          chunks: [Buffer.from(of(["ü"])).subarray(0, Buffer.from(of(["ü"])).indexOf("ü") + 1)],
        }),
      "model.truncated",
      /broke off/,
    ],
    [
      "an answer that does not say why it ended",
      ({ whole: of }) => answer(of(parts).replaceAll(/"(?:stop|end_turn|completed)"/g, "null")),
      "model.",
      /broke off|null/,
    ],
    ["12 MB", () => answer(`{"text":"${"a".repeat(12_000_000)}"}`), "model.failed", /an answer longer than/],
  ])("takes %s for no answer", async (_, script, code, words) => {
    const got: StreamPart[] = [];
    server.play(script(protocol));
    const reading = collect(whole.chatModel(model).stream(request, new AbortController().signal), got);
    await expect(reading).rejects.toMatchObject({
      code: expect.stringContaining(code),
      message: expect.stringMatching(words),
    });
    expect(finishOf(got)).toBeUndefined();
  });
});

describe("of a whole answer", () => {
  const chat = (message: object, finish_reason = "stop"): Script =>
    answer({ id: "c", model: "m", choices: [{ index: 0, message, finish_reason }], usage: openaiUsage });
  const response = (output: object[], status = "completed", more: object = {}): Script =>
    answer(responseObject(status, { output, usage: responsesUsage, ...more }));
  const message = (content: object[], stop_reason: string): Script =>
    answer({
      id: "m",
      type: "message",
      model: "m",
      content,
      stop_reason,
      usage: { input_tokens: 12, output_tokens: 7 },
    });
  const said = (text: string, more: object = {}): object => ({
    type: "message",
    content: [{ type: "output_text", text }],
    ...more,
  });

  test.each<[string, string, Script]>([
    ["Chat Completions", "here/m", chat({ content: "Four", reasoning_content: "Two and two" })],
    ["tags in the text", "here/m", chat({ content: "<think>\nTwo and two\n</think>\n\nFour" })],
    [
      "typed content",
      "here/m",
      chat({
        content: [
          { type: "thinking", thinking: [{ text: "Two and two" }] },
          { type: "text", text: "Four" },
        ],
      }),
    ],
    [
      "Responses",
      "openai/test-pro",
      response([{ type: "reasoning", summary: [{ text: "Two and two" }] }, said("Four")]),
    ],
    [
      "a commentary of Responses",
      "openai/test-pro",
      response([said("Two and two", { phase: "commentary" }), said("Four")]),
    ],
    [
      "Messages",
      "anthropic/m",
      message(
        [
          { type: "thinking", thinking: "Two and two" },
          { type: "text", text: "Four" },
        ],
        "end_turn",
      ),
    ],
  ])("what was thought is kept apart: %s", async (_, model, script) => {
    const got = await read(model, script);
    expect([textOf(got), reasoningOf(got)]).toEqual(["Four", "Two and two"]);
    expect(finishOf(got)).toMatchObject({ reason: "stop", usage: { input: 12, output: 7 } });
  });

  test.each<[string, string, Script]>([
    ["Chat Completions", "here/m", chat({ content: "", refusal: "I will not" })],
    [
      "Responses",
      "openai/test-pro",
      response([{ type: "message", content: [{ type: "refusal", refusal: "I will not" }] }]),
    ],
    ["Messages", "anthropic/m", message([{ type: "text", text: "I will not" }], "refusal")],
  ])("a refusal is one: %s", async (_, model, script) => {
    const got = await read(model, script);
    expect([textOf(got), finishOf(got)?.reason]).toEqual(["I will not", "content-filter"]);
  });

  test.each<[string, string, Script]>([
    ["Chat Completions", "here/m", chat({ content: "Fo" }, "length")],
    [
      "Responses",
      "openai/test-pro",
      response([said("Fo")], "incomplete", { incomplete_details: { reason: "max_output_tokens" } }),
    ],
    ["Messages", "anthropic/m", message([{ type: "text", text: "Fo" }], "max_tokens")],
  ])("that it is cut off is said: %s", async (_, model, script) => {
    const got = await read(model, script);
    expect([textOf(got), finishOf(got)?.reason]).toEqual(["Fo", "length"]);
  });

  test("a response that failed has its words, and what it used", async () => {
    const got: StreamPart[] = [];
    server.play(response([], "failed", { error: { code: "server_error", message: "It broke" } }));
    const reading = collect(whole.chatModel("openai/test-pro").stream(request, new AbortController().signal), got);
    await expect(reading).rejects.toMatchObject({ message: expect.stringContaining("It broke") });
    expect(got).toContainEqual({ type: "usage", usage: expect.objectContaining({ input: 12, output: 7 }) });
  });

  test("text to be continued is read from its choice", async () => {
    const script = answer({ model: "m", choices: [{ text: " time", finish_reason: "stop" }], usage: openaiUsage });
    const got = await read("here/m", script, whole, { messages: [], completion: "Once upon a" });
    expect(server.requests.at(-1)!.path).toBe("/v1/completions");
    expect(textOf(got)).toBe(" time");
  });
});
