import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryJournal } from "./__fixtures__/memory-journal.ts";
import { modelsAt } from "./__fixtures__/models-at.ts";
import { anthropicEvent, openaiChunk, openaiDelta, openaiUsage, responsesEnd } from "./__fixtures__/protocols.ts";
import { scriptedServer, type ScriptedServer } from "./__fixtures__/scripted-server.ts";
import { createCaller } from "./caller.ts";

let server: ScriptedServer;
beforeAll(async () => void (server = await scriptedServer()));
afterAll(() => server.close());

/** A call through the whole door, made twice where it is no answer, and the journal's ends of it. */
async function ask(model: string, events: readonly string[]) {
  server.play({ chunks: events });
  const before = server.requests.length;
  const journal = memoryJournal();
  const caller = createCaller({ resolve: modelsAt(server.url).chatModel, journal, clock: Date.now });
  const call = { model, messages: [{ role: "user" as const, content: "Hello" }], parameters: {} };
  const send = () =>
    caller
      .chat({ ...call, address: { cell: "a", at: {} }, step: 0, repeat: 0 }, { notebook: "a.md", run: "r" })
      .catch((thrown: unknown) => thrown);
  const [first, second] = [await send(), await send()];
  const [end] = journal.calls.map(({ end }) => end!);
  return { first, second, end: end!, sent: server.requests.length - before };
}

// By hand after the shapes of calls of tools in the providers' references: none is given any, and some try.
const toolCall = openaiDelta({ tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "f" } }] });
const counted = openaiChunk({ choices: [], usage: openaiUsage });
const done = "data: [DONE]\n\n";
const message = anthropicEvent("message_start", { message: { id: "m", model: "m", usage: { input_tokens: 12 } } });
const toolUse = [
  anthropicEvent("content_block_start", {
    index: 0,
    content_block: { type: "tool_use", id: "t", name: "f", input: {} },
  }),
  anthropicEvent("content_block_stop", { index: 0 }),
  anthropicEvent("message_delta", { delta: { stop_reason: "tool_use" }, usage: { output_tokens: 7 } }),
  anthropicEvent("message_stop"),
];

test.each<[string, string, readonly string[]]>([
  ["a call of a tool, over Chat Completions", "here/m", [toolCall, openaiDelta({}, "tool_calls"), counted, done]],
  ["a call of a tool, over Messages", "anthropic/m", [message, ...toolUse]],
  [
    "a reason that nobody knows, over Responses",
    "openai/test-pro",
    [responsesEnd("incomplete", { incomplete_details: { reason: "something_new" } })],
  ],
  ["white space, and a reason that nobody knows", "here/m", [openaiDelta({ content: " \n" }, "odd"), counted, done]],
  ["thoughts alone", "here/m", [openaiDelta({ reasoning_content: "hm" }, "OTHER"), counted, done]],
])("%s is no answer, is booked, and is not paid for again unasked", async (_, model, events) => {
  const { first, second, end, sent } = await ask(model, events);
  for (const thrown of [first, second])
    expect(thrown).toMatchObject({
      code: "model.no-answer",
      message: expect.stringContaining(`${model} ended without a word of an answer`),
      cure: expect.any(String),
      facts: { call: { usage: { input: 12, output: 7 } } },
    });
  expect(end).toMatchObject({ state: "done", finish: "other", usage: { input: 12, output: 7 } });
  expect(sent).toBe(1);
});

test("a text before a call of a tool is the answer, and so is an empty text that just stops", async () => {
  const said = openaiDelta({ content: "Let me see." });
  expect((await ask("here/m", [said, toolCall, openaiDelta({}, "tool_calls"), counted, done])).first).toMatchObject({
    text: "Let me see.",
    finish: "other",
  });
  expect((await ask("here/m", [openaiDelta({ content: "" }, "stop"), counted, done])).first).toMatchObject({
    text: "",
    finish: "stop",
  });
});
