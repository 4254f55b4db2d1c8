import { expect, test } from "vitest";
import { collect, textOf } from "./__fixtures__/chat-model-conformance.ts";
import { readRecording } from "./__fixtures__/recordings/read-recording.ts";
import { createModels } from "./index.ts";
import type { ChatRequest, StreamPart } from "./model.ts";

const request: ChatRequest = { messages: [{ role: "user", content: "Hello" }], parameters: {} };
const schema = { type: "object", properties: { characters: { type: "array" } }, required: ["characters"] };

const providersWithKeys = ["OPENAI", "ANTHROPIC", "AZURE_OPENAI", "GROQ", "DEEPSEEK", "MISTRAL", "GEMINI"];

/** What is read of a recorded answer, from a provider that gives it whatever it is asked. */
function read(
  name: string,
  recording: string,
  more: Partial<ChatRequest> = {},
  parts: StreamPart[] = [],
): Promise<StreamPart[]> {
  return readBody(name, readRecording(recording), more, parts);
}

function readBody(
  name: string,
  body: string,
  more: Partial<ChatRequest> = {},
  parts: StreamPart[] = [],
): Promise<StreamPart[]> {
  const type = more.whole ? "application/json" : "text/event-stream";
  const { chatModel } = createModels({
    environment: {
      ...Object.fromEntries(providersWithKeys.map((provider) => [`${provider}_API_KEY`, "key"])),
      AZURE_OPENAI_ENDPOINT: "https://recorded.openai.azure.com",
    },
    fetch: async () => new Response(body, { headers: { "content-type": type } }),
    endpoints: { here: { baseUrl: "http://127.0.0.1:1/v1" } },
  });
  return collect(chatModel(name).stream({ ...request, ...more }, new AbortController().signal), parts);
}

const reasoningOf = (parts: readonly StreamPart[]): string =>
  parts.map((part) => (part.type === "reasoning" ? part.text : "")).join("");

test.each<[string, string, string, Partial<ChatRequest>, Partial<Extract<StreamPart, { type: "finish" }>>]>([
  [
    "here/gpt-5-nano",
    "chat-thinking-model",
    "Capital of Denmark.",
    {},
    { usage: { input: 15, output: 78, cachedInput: 0, reasoning: 64 }, model: "gpt-5-nano-2025-08-07" },
  ],
  [
    "here/grok-3-mini",
    "chat-reasoning-content",
    "Hello",
    {},
    { usage: { input: 12, output: 291, cachedInput: 11, reasoning: 290 }, model: "grok-3-mini" },
  ],
  [
    "here/anthropic/claude-sonnet-4.5",
    "chat-openrouter",
    "2 + 2 = 4",
    {},
    { usage: { input: 43, output: 36, cachedInput: 0, reasoning: 13 }, model: "anthropic/claude-sonnet-4.5" },
  ],
  [
    "here/openai/gpt-4.1-mini",
    "chat-openrouter-twice-ended",
    "https://github.com/pydantic/pydantic-ai ",
    {},
    { usage: { input: 8174, output: 30, cachedInput: 0 } },
  ],
  ["here/magistral", "chat-typed-content", "2 + 2 = 4", {}, { usage: { input: 10, output: 46 } }],
  [
    "here/gpt-3.5-turbo-instruct",
    "completion",
    'The holiday is called "Gratitude Day" and it is a day dedicated to',
    { completion: "Once" },
    { reason: "length", usage: { input: 14, output: 16 } },
  ],
  [
    "openai/gpt-4.1-nano",
    "responses-text",
    "Dummy PDF file",
    { parameters: { api: "responses" } },
    { usage: { input: 44, output: 4, cachedInput: 0, reasoning: 0 }, model: "gpt-4.1-nano-2025-04-14" },
  ],
  ["openai/gpt-5.1", "responses-azure", "Hello", {}, { model: "gpt-5.1" }],
  [
    "anthropic/claude-sonnet-4-5",
    "messages-text",
    "Hello! I'm doing well, thank you for asking. How are you doing today? Is there anything I can help you with?",
    {},
    { usage: { input: 12, output: 30, cachedInput: 0, cacheWrite: 0 }, model: "claude-sonnet-4-5-20250929" },
  ],
])("%s, by the recording %s, answers with its text and its counts", async (name, recording, text, more, finish) => {
  const parts = await read(name, recording, more);
  expect(textOf(parts)).toBe(text);
  expect(parts.at(-1)).toMatchObject({ type: "finish", reason: "stop", ...finish });
});

test.each<[string, string, string, string, Partial<ChatRequest>, Partial<Extract<StreamPart, { type: "finish" }>>]>([
  [
    "ollama/llama3.2:3b-instruct-fp16",
    "chat-ollama",
    "The capital of France is Paris.",
    "",
    {},
    { usage: { input: 32, output: 8 }, model: "llama3.2:3b-instruct-fp16" },
  ],
  [
    "ollama/qwen3:0.6b",
    "whole-ollama",
    '{ "city": "Paris", "country": "France" }',
    "Okay, the user is asking",
    { whole: true },
    { usage: { input: 136, output: 15 } },
  ],
  [
    "vllm/Qwen/Qwen3-0.6B",
    "chat-vllm",
    "\n\n2 + 2 equals 4.",
    "\nOkay, so the question is",
    {},
    { usage: { input: 16, output: 329 }, model: "Qwen/Qwen3-0.6B" },
  ],
  [
    "lm-studio/granite-3.0-2b-instruct",
    "whole-lm-studio",
    "Greetings, I'm a helpful AI, here to assist,\nIn providing answers, with no distress.\nI'll keep it short and sweet, in rhyme you'll find,\nA friendly companion, all day long you'll bind.",
    "",
    { whole: true },
    { usage: { input: 24, output: 53 } },
  ],
  [
    "azure/gpt-4o",
    "chat-azure",
    "Hello",
    "",
    {},
    { usage: { input: 15, output: 2, cachedInput: 0, reasoning: 0 }, model: "gpt-4o-2024-11-20" },
  ],
  [
    "groq/llama-3.3-70b-versatile",
    "chat-groq",
    'Introducing "Luminaria" appreciation for the magic of light.',
    "",
    {},
    { usage: { input: 45, output: 662 } },
  ],
  [
    "groq/qwen/qwen3-32b",
    "chat-groq-reasoning",
    'berry".\n\n**Final Answer**: $\\boxed{3}$',
    "Okay, let me try",
    {},
    { usage: { input: 17, output: 1_107, reasoning: 963 } },
  ],
  [
    "deepseek/deepseek-chat",
    "chat-deepseek",
    "## **Holiday Name:** 15 minutes of silent looking at",
    "",
    {},
    { reason: "length", usage: { input: 13, output: 400, cachedInput: 0 } },
  ],
  [
    "deepseek/deepseek-reasoner",
    "chat-deepseek-reasoning",
    ' "strawberry" contains three "r"s.',
    "We need to count the number",
    {},
    { usage: { input: 18, output: 219, cachedInput: 0, reasoning: 205 } },
  ],
  [
    "mistral/mistral-small-latest",
    "chat-mistral",
    "Hello, world! This is a test response.",
    "",
    {},
    { usage: { input: 13, output: 8 } },
  ],
  [
    "gemini/gemini-2.5-pro-preview-05-06",
    "whole-gemini",
    "The current time is Noon.",
    "",
    { whole: true },
    // What it thought is in the sum alone.
    { usage: { input: 66, output: 34, reasoning: 28 } },
  ],
])(
  "%s, a server known by its name, by the recording %s, answers with its text, its thoughts and its counts",
  async (name, recording, text, thought, more, finish) => {
    const parts = await read(name, recording, more);
    expect(textOf(parts)).toBe(text);
    expect(reasoningOf(parts).startsWith(thought) && (reasoningOf(parts) === "") === (thought === "")).toBe(true);
    expect(parts.at(-1)).toMatchObject({ type: "finish", reason: "stop", ...finish });
  },
);

test("what was thought is kept apart from the answer, as every protocol says it", async () => {
  const claude = await read("anthropic/claude-sonnet-5", "messages-thinking");
  expect(reasoningOf(claude)).toMatch(/^I'm working through the Euclidean algorithm .* greatest common divisor\.$/);
  expect(textOf(claude)).toMatch(/^# Finding GCD\(1071, 462\)[^]*462 = 21 × 22 ✓$/);
  expect(claude.at(-1)).toMatchObject({ usage: { input: 47, output: 373, reasoning: 62 } });
  const codex = await read("openai/gpt-5.1-codex-max", "responses-summary");
  expect(reasoningOf(codex)).toMatch(/^\*\*Calculating step-by-step using calculator\*\*\n\nI'll compute 12 plus 7/);
  expect(textOf(codex)).toBe("");
  expect(reasoningOf(await read("here/grok-3-mini", "chat-reasoning-content"))).toBe("First, the user said");
  expect(reasoningOf(await read("here/magistral", "chat-typed-content"))).toMatch(/^The user is asking for 2\+2\./);
});

test("words on the way to an answer are no part of it, and one that was recorded without its middle is not whole", async () => {
  const parts: StreamPart[] = [];
  await expect(read("openai/gpt-5.3-codex", "responses-commentary", {}, parts)).rejects.toMatchObject({
    code: "model.truncated",
  });
  expect(reasoningOf(parts)).toBe("Got it");
  expect(textOf(parts)).toBe("Here are a few **AI");
  expect(parts.at(-1)).toMatchObject({ usage: { input: 7112, output: 463, cachedInput: 3072, reasoning: 64 } });
});

const asItIs = (body: string): string => body;
const withoutNumbers = (body: string): string => body.replaceAll(/,"sequence_number":\d+|"sequence_number":\d+,/g, "");

test.each<[string, string, string, (body: string) => string]>([
  ["openai/gpt-5.1", "responses-azure", "as it is", asItIs],
  ["openai/gpt-5.1", "responses-text", "as it is", asItIs],
  ["openai/gpt-5.1", "responses-text", "without its numbers", withoutNumbers],
])(
  "%s, by the recording %s %s, says the same or fails where an event is lost or comes twice",
  async (name, recording, _, by) => {
    const events = by(readRecording(recording)).split(/(?<=\n\n)/);
    const whole = textOf(await readBody(name, events.join("")));
    for (const [index, event] of events.entries()) {
      for (const inPlace of ["", event + event]) {
        const body = events.with(index, inPlace).join("");
        const text = await readBody(name, body).then(textOf, ({ code }: { code: string }) => code);
        expect([whole, "model.truncated", "model.failed"], `${event} ${inPlace === "" ? "lost" : "twice"}`).toContain(
          text,
        );
      }
    }
  },
);

test("an answer of Anthropic one of whose blocks did not begin, or began twice, is none", async () => {
  const events = readRecording("messages-thinking").split(/(?<=\n\n)/);
  const begins = events.flatMap((event, index) => (event.includes("content_block_start") ? [index] : []));
  expect(begins).toHaveLength(2);
  for (const index of begins)
    for (const inPlace of ["", events[index]!.repeat(2)]) {
      const answer = readBody("anthropic/claude-sonnet-5", events.with(index, inPlace).join(""));
      await expect(answer).rejects.toMatchObject({ code: "model.truncated" });
    }
});

test("an answer to a schema is JSON as it came", async () => {
  const text = textOf(await read("anthropic/claude-sonnet-4-5", "messages-schema", { schema }));
  expect(JSON.parse(text)).toMatchObject({ characters: [{ name: "Theron Ironheart", class: "warrior" }, {}, {}] });
});

test("an account without credit is said in the provider's words, and not sent again", async () => {
  const parts: StreamPart[] = [];
  await expect(read("openai/gpt-5-nano", "responses-quota", {}, parts)).rejects.toMatchObject({
    code: "model.quota",
    message: expect.stringContaining("You exceeded your current quota"),
    facts: { retryable: false },
  });
  expect(parts.filter(({ type }) => type !== "head")).toEqual([]);
});

test("what a provider says besides the text is kept as it says it", async () => {
  const rawOf = async (name: string, recording: string, more: Partial<ChatRequest> = {}) => {
    const last = (await read(name, recording, more)).at(-1);
    return last?.type === "finish" ? last.raw : undefined;
  };
  expect(await rawOf("here/gpt-5-nano", "chat-thinking-model")).toMatchObject({
    id: "chatcmpl-CYPS1lijGoK8gd9lYzY3r9Sx50nbt",
    created: 1762317021,
    prompt_filter_results: [{ content_filter_results: { jailbreak: { detected: false } } }],
    choice: { finish_reason: "stop", content_filter_results: { hate: { filtered: false } } },
    usage: { completion_tokens_details: { reasoning_tokens: 64 } },
  });
  expect(await rawOf("openai/gpt-4.1-nano", "responses-text", { parameters: { api: "responses" } })).toMatchObject({
    id: "resp_051ebd7ab60063870069d4fe8ac1348194bf06d0a4646af05f",
    status: "completed",
    service_tier: "default",
    output: [{ type: "message", content: [{ type: "output_text", annotations: [] }] }],
    usage: { total_tokens: 48 },
  });
  expect(await rawOf("anthropic/claude-sonnet-5", "messages-thinking")).toMatchObject({
    id: "msg_011CdZqGg4K3tq97K7RDtTw7",
    stop_reason: "end_turn",
    usage: { service_tier: "standard", inference_geo: "global", output_tokens: 373 },
  });
});
