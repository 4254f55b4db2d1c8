import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelParameters } from "#server/notebook/services.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { CallEnd } from "#server/store/journal.ts";
import { createCaller } from "./caller.ts";
import { memoryJournal } from "./__fixtures__/memory-journal.ts";
import { modelsAt } from "./__fixtures__/models-at.ts";
import {
  anthropicEvent,
  json,
  openaiChunk,
  responseObject,
  responsesDelta,
  responsesEnd,
  responsesEvent,
} from "./__fixtures__/protocols.ts";
import { scriptedServer, type Script, type ScriptedServer } from "./__fixtures__/scripted-server.ts";

let server: ScriptedServer;
beforeAll(async () => void (server = await scriptedServer()));
afterAll(() => server.close());

const text = `The answer, at length: ${"word ".repeat(3_000)}.`;
const thought = `Let me see: ${"hm ".repeat(3_000)}.`;
const [sameText, sameThought] = [{ same_as: "text" }, { same_as: "reasoning" }];
const logprobs = Array.from({ length: 600 }, (_, index) => ({
  token: `t${index}`,
  logprob: -0.25,
  bytes: [116, index],
}));
const long = "A8f".repeat(4_000);

interface More {
  readonly parameters?: ModelParameters;
  readonly schema?: Datum;
}

/** What the journal has of a call that was answered so, streamed or whole. */
async function endOf(name: string, script: Script | object, more: More = {}): Promise<CallEnd> {
  const isStream = "chunks" in script;
  server.play(isStream ? (script as Script) : { headers: json, chunks: [JSON.stringify(script)] });
  const journal = memoryJournal();
  const { chatModel: resolve } = modelsAt(server.url, { streaming: isStream });
  const caller = createCaller({ resolve, journal, clock: Date.now });
  const asked = { model: name, messages: [{ role: "user" as const, content: "Hello" }], parameters: {}, ...more };
  await caller.chat({ ...asked, address: { cell: "a", at: {} }, step: 0, repeat: 0 }, { notebook: "a.md", run: "r" });
  return journal.calls[0]!.end!;
}

const responses = { parameters: { api: "responses" } } as const;
const head = { id: "resp_1", model: "test-model-2025-10-09", object: "response", created_at: 1_760_000_000 };

function output(said: unknown, thinks: unknown): readonly Datum[] {
  const parts = (type: string, one: unknown, more = {}) => [{ type, text: one, ...more }];
  return [
    { type: "reasoning", id: "rs_1", summary: parts("summary_text", thinks), encrypted_content: long },
    { type: "message", id: "msg_1", content: parts("output_text", said, { logprobs, annotations: [] }) },
  ] as unknown as readonly Datum[];
}

test("a response of Responses is kept whole, with its text and its thoughts said once", async () => {
  const raw = { ...head, output: output(sameText, sameThought) };
  const members = { output: output(text, thought) };
  const streamed = responsesEvent("response.reasoning_summary_text.delta", { delta: thought }) + responsesDelta(text);
  const stream = { chunks: [streamed, responsesEnd("completed", members)] };
  for (const said of [stream, responseObject("completed", members)]) {
    const end = await endOf("openai/test-model", said, responses);
    expect(end).toMatchObject({ state: "done", text, reasoning: thought, response: raw });
  }
});

test("a text in several parts is said by where each stands, and a schema as the one it was asked for", async () => {
  const half = text.length / 2;
  const parts = [text.slice(0, half), text.slice(half)].map((part) => ({ type: "output_text", text: part }));
  const schema = { type: "object", properties: { name: { type: "string", description: long } }, required: ["name"] };
  const format = { type: "json_schema", schema: { ...schema, additionalProperties: false } };
  const members = { output: [{ type: "message", content: parts }], text: { format, verbosity: "low" } };
  const { response } = await endOf("openai/test-model", responseObject("completed", members), { ...responses, schema });
  expect(response).toMatchObject({
    text: { format: { type: "json_schema", schema: { same_as: "schema" } }, verbosity: "low" },
    output: [{ content: [{ text: { ...sameText, from: 0 } }, { text: { ...sameText, from: Math.floor(half) } }] }],
  });
});

test("a response of Chat Completions is kept whole, also where its text has what was thought in it", async () => {
  const answered = (message: object, more = {}): object => ({
    ...{ id: "chatcmpl-1", object: "chat.completion", model: "test", system_fingerprint: "fp_1" },
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop", ...more }],
  });
  const details = [{ type: "reasoning.encrypted", data: long }];
  const more = { logprobs: { content: logprobs } };
  const apart = { content: text, reasoning: thought, reasoning_details: details, refusal: null };
  expect(await endOf("here/test-model", answered(apart, more))).toMatchObject({
    ...{ state: "done", text, reasoning: thought },
    response: answered({ ...apart, content: sameText, reasoning: sameThought }, more),
  });
  const [before, between] = ["<think>\n", "\n</think>\n\n"];
  const end = await endOf("here/test-model", answered({ content: before + thought + between + text }));
  expect(end).toMatchObject({
    ...{ text, reasoning: thought },
    response: answered({ content: { joined: [before, sameThought, between, sameText] } }),
  });
});

test("of a stream of Chat Completions what is no text is kept as it was said last", async () => {
  const said = (delta: object, reason: string | null = null): string =>
    openaiChunk({ choices: [{ index: 0, delta, logprobs: { content: logprobs.slice(0, 2) }, finish_reason: reason }] });
  const thinks = { reasoning: thought, reasoning_details: [{ type: "reasoning.text", text: thought }] };
  const signed = { reasoning_details: [{ type: "reasoning.encrypted", data: long }] };
  const note = { annotations: [{ type: "url_citation", url: long }] };
  const chunks = [said(thinks), said(signed), said({ content: text }), said(note, "stop"), "data: [DONE]\n\n"];
  const end = await endOf("here/test-model", { chunks });
  expect(end).toMatchObject({
    ...{ text, reasoning: thought },
    response: { choice: { index: 0, finish_reason: "stop", ...signed, ...note } },
  });
  expect(JSON.stringify(end.response)).not.toContain("hm ");
});

test("a response of Anthropic is kept whole, and of a stream all that its blocks have besides their texts", async () => {
  const citation = { type: "char_location", cited_text: long };
  const content = (said: object, thinks: object): readonly object[] => [
    { type: "thinking", ...thinks, signature: long },
    { type: "redacted_thinking", data: long },
    { type: "text", ...said, citations: [citation] },
  ];
  const message = { type: "message", id: "msg_1", role: "assistant", model: "test", usage: { output_tokens: 3 } };
  const whole = { ...message, content: content({ text }, { thinking: thought }), stop_reason: "end_turn" };
  expect(await endOf("anthropic/test-model", whole)).toMatchObject({
    ...{ text, reasoning: thought },
    response: { ...message, content: content({ text: sameText }, { thinking: sameThought }) },
  });
  const block = (index: number, begins: object, ...deltas: readonly object[]): string =>
    anthropicEvent("content_block_start", { index, content_block: begins }) +
    deltas.map((delta) => anthropicEvent("content_block_delta", { index, delta })).join("") +
    anthropicEvent("content_block_stop", { index });
  const chunks = [
    anthropicEvent("message_start", { message: { ...message, content: [] } }),
    block(
      0,
      { type: "thinking", thinking: "", signature: "" },
      { type: "thinking_delta", thinking: thought },
      { type: "signature_delta", signature: long },
    ),
    block(1, { type: "redacted_thinking", data: long }),
    block(2, { type: "text", text: "" }, { type: "text_delta", text }, { type: "citations_delta", citation }),
    anthropicEvent("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 3 } }),
    anthropicEvent("message_stop"),
  ];
  const end = await endOf("anthropic/test-model", { chunks });
  expect(end).toMatchObject({ text, reasoning: thought, response: { ...message, content: content({}, {}) } });
  expect(JSON.stringify(end.response)).not.toContain("word");
});

test("a response that has a text again and again is kept, and its answer with it", async () => {
  const said = "-".repeat(100);
  const answered = (prompt: string) => ({
    ...{ id: "chatcmpl-1", __verbose: { prompt } },
    choices: [{ index: 0, message: { content: said }, finish_reason: "stop" }],
  });
  const often = "-".repeat(900_000);
  expect(await endOf("here/test-model", answered(often))).toMatchObject({
    ...{ state: "done", text: said },
    response: { __verbose: { prompt: often }, choices: [{ message: { content: sameText } }] },
  });
  const prompt = { joined: [sameText, "and", sameText, "!"] };
  expect(await endOf("here/test-model", answered(`${said}and${said}!`))).toMatchObject({
    response: { __verbose: { prompt } },
  });
});

test("a response that is longer than all that is kept says what was cut, and the answer is whole", async () => {
  const answered = { content: text, padding: "p".repeat(2_000_000) };
  const choices = [{ index: 0, message: answered, finish_reason: "stop" }];
  const end = await endOf("here/test-model", { id: "chatcmpl-1", choices });
  expect(end).toMatchObject({ state: "done", text, response: { id: "chatcmpl-1" } });
  const { length } = JSON.stringify(end.response);
  expect([length > 900_000, length <= 1_000_000]).toEqual([true, true]);
  expect(JSON.stringify(end.response)).toMatch(/p… of 2000000 characters"/);
});

describe("a key that the provider sends back with a good answer", () => {
  const key = "sk-test-key";
  const bearer = `Bearer ${key}`;
  const echo = { debug: [{ deep: { authorization: bearer, [key]: true, cut: [`${key} ${key}`] } }] };
  const kept = { debug: [{ deep: { authorization: "Bearer [key]", "[key]": true, cut: ["[key] [key]"] } }] };
  const model = `one of ${bearer}`;
  const choices = [{ index: 0, delta: { content: key }, finish_reason: "stop" }];
  const message = { type: "message", id: "msg_1", role: "assistant", model, ...echo };
  const delta = { type: "text_delta", text: key };

  test.each<[string, string, readonly string[], More]>([
    ["Chat Completions", "openai/test-model", [openaiChunk({ model, ...echo, choices }), "data: [DONE]\n\n"], {}],
    [
      "Responses",
      "openai/test-model",
      [responsesDelta(key), responsesEnd("completed", { model, ...echo })],
      { parameters: { api: "responses" } },
    ],
    [
      "Anthropic",
      "anthropic/test-model",
      [
        anthropicEvent("message_start", { message }),
        anthropicEvent("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
        anthropicEvent("content_block_delta", { index: 0, delta }),
        anthropicEvent("message_delta", { delta: { stop_reason: "end_turn" } }),
        anthropicEvent("message_stop"),
      ],
      {},
    ],
  ])("of %s is not kept, at any depth, and the answer is as it came", async (_, name, chunks, more) => {
    const headers = { "x-request-id": `request of ${bearer}` };
    const { text, ...end } = await endOf(name, { chunks, headers }, more);
    expect(text).toBe(key);
    expect(JSON.stringify(end)).not.toContain(key);
    expect(end).toMatchObject({
      requestId: "request of Bearer [key]",
      answeredBy: "one of Bearer [key]",
      response: kept,
    });
  });

  test.each([0, 3, 6])("leaves nothing of itself where a text of it is cut, %d characters on", async (shift) => {
    const padding = "x".repeat(shift) + key.repeat(200_000);
    const choices = [{ index: 0, message: { content: "Hi", padding }, finish_reason: "stop" }];
    const { response } = await endOf("openai/test-model", { id: "chatcmpl-1", choices });
    const kept = JSON.stringify(response);
    expect(kept.slice(-60)).toMatch(/\[key\](?:s|sk|sk-)?… of 22\d+ characters"/);
    expect(kept.includes("sk-t")).toBe(false);
  });
});
