import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelParameters } from "#server/notebook/services.ts";
import type { CallEnd } from "#server/store/journal.ts";
import { createCaller } from "./caller.ts";
import { memoryJournal } from "./__fixtures__/memory-journal.ts";
import { modelsAt } from "./__fixtures__/models-at.ts";
import { anthropicEvent, openaiChunk, responsesDelta, responsesEnd } from "./__fixtures__/protocols.ts";
import { scriptedServer, type ScriptedServer } from "./__fixtures__/scripted-server.ts";
import type { OwnPrices } from "./own-rates.ts";
import { createPrices } from "./prices.ts";

let server: ScriptedServer;
beforeAll(async () => void (server = await scriptedServer()));
afterAll(() => server.close());

const choices = [{ index: 0, delta: { content: "Hi" }, finish_reason: "stop" }];
const usage = { prompt_tokens: 1_000_000, completion_tokens: 1 };
const chat = (members: object) => [openaiChunk({ choices, usage, ...members }), "data: [DONE]\n\n"];
const counted = { usage: { input_tokens: 1_000_000, output_tokens: 1 } };
const responses = (members: object) => [responsesDelta("Hi"), responsesEnd("completed", { ...counted, ...members })];
const message = (usage: object) => [
  anthropicEvent("message_start", {
    message: { type: "message", model: "claude-haiku-4-5", usage: { ...counted.usage, ...usage } },
  }),
  anthropicEvent("content_block_start", { index: 0, content_block: { type: "text", text: "Hi" } }),
  anthropicEvent("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 1 } }),
  anthropicEvent("message_stop"),
];

/** How a call was booked that was answered so. */
async function booked(chunks: readonly string[], own?: OwnPrices): Promise<CallEnd> {
  const name = chunks.length === 4 ? "anthropic/claude-haiku-4-5" : "openai/gpt-5-mini";
  const parameters: ModelParameters = chunks[0]!.startsWith("event: response") ? { api: "responses" } : {};
  server.play({ chunks });
  const journal = memoryJournal();
  const { chatModel: resolve } = modelsAt(server.url);
  const prices = createPrices(own === undefined ? undefined : () => own);
  const caller = createCaller({ resolve, journal, clock: () => Date.UTC(2026, 0, 15), prices });
  const asked = { model: name, messages: [{ role: "user" as const, content: "Hello" }], parameters };
  await caller.chat({ ...asked, address: { cell: "a", at: {} }, step: 0, repeat: 0 }, { notebook: "a.md", run: "r" });
  return journal.calls[0]!.end!;
}

describe("a call whose response says", () => {
  test.each<[string, readonly string[]]>([
    ["service_tier: priority", chat({ service_tier: "priority" })],
    ["service_tier: flex", chat({ service_tier: "flex" })],
    ["service_tier: batch", chat({ service_tier: "batch" })],
    ['service_tier: {"name":"scale"}', chat({ service_tier: { name: "scale" } })],
    ["service_tier: flex", responses({ service_tier: "flex" })],
    ["service_tier: batch", message({ service_tier: "batch" })],
    ["service_tier: priority", message({ service_tier: "priority" })],
    ["inference_geo: us", message({ service_tier: "standard", inference_geo: "us" })],
    ["speed: fast", message({ speed: "fast" })],
  ])("%s is unpriced, says so, and budgets count what its like would cost", async (words, chunks) => {
    const { cost, price, expected } = await booked(chunks);
    expect([cost, price]).toEqual([null, { source: null, reason: `no price is known for ${words}` }]);
    expect(expected).toBeGreaterThan(0);
  });

  test.each<[string, readonly string[], number]>([
    ["nothing", chat({}), 0.25],
    ["auto", chat({ service_tier: "auto" }), 0.25],
    ["default", responses({ service_tier: "default" }), 0.25],
    ["on_demand", chat({ service_tier: "on_demand" }), 0.25],
    ["standard, and no place", message({ service_tier: "standard", inference_geo: "not_available", speed: null }), 1],
  ])("%s costs what the list says", async (_, chunks, cost) => {
    expect((await booked(chunks)).cost).toBeCloseTo(cost, 4);
  });

  test("another tier costs what the workspace says, where it does", async () => {
    const own = { problem: null, models: { "openai/gpt-5-mini": [{ from: null, rates: { input: 3, output: 9 } }] } };
    expect(await booked(chat({ service_tier: "priority" }), own)).toMatchObject({
      cost: expect.closeTo(3, 4) as number,
      price: { source: "workspace" },
    });
  });
});

test.each<[string, readonly string[]]>([
  [
    "cached tokens below 0, in Chat Completions",
    chat({ usage: { ...usage, prompt_tokens_details: { cached_tokens: -5 } } }),
  ],
  ["cached tokens in words", chat({ usage: { ...usage, prompt_tokens_details: { cached_tokens: "5" } } })],
  ["half a token of thought", chat({ usage: { ...usage, completion_tokens_details: { reasoning_tokens: 0.5 } } })],
  ["sound below 0", chat({ usage: { ...usage, prompt_tokens_details: { audio_tokens: -5 } } })],
  [
    "less sound than none in the answer",
    chat({
      usage: { ...usage, prompt_tokens_details: { audio_tokens: 9 }, completion_tokens_details: { audio_tokens: -5 } },
    }),
  ],
  [
    "cached tokens below 0, in Responses",
    responses({ usage: { ...counted.usage, input_tokens_details: { cached_tokens: -5 } } }),
  ],
  ["cached tokens below 0, in Messages", message({ cache_read_input_tokens: -5 })],
  ["no tokens of a text", chat({ usage: { ...usage, completion_tokens: 0 } })],
  ["no tokens of what was asked", chat({ usage: { ...usage, prompt_tokens: 0 } })],
  [
    "more tokens of thought than of the answer",
    responses({ usage: { ...counted.usage, output_tokens: 10, output_tokens_details: { reasoning_tokens: 50 } } }),
  ],
  ["none at all", chat({ usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } })],
  ["no tokens of a text, in Responses", responses({ usage: { ...counted.usage, output_tokens: 0 } })],
  ["no tokens of what was asked, in Messages", message({ input_tokens: 0 })],
  ["written tokens in words, in Messages", message({ cache_creation_input_tokens: "5" })],
  ["tokens kept for an hour below 0", message({ cache_creation: { ephemeral_1h_input_tokens: -5 } })],
])("a call that counts %s is unpriced", async (_, chunks) => {
  expect(await booked(chunks)).toMatchObject({ state: "done", cost: null, price: { source: null } });
});
