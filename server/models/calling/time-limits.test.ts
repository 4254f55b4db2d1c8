import { expect, test } from "vitest";
import { live } from "../__fixtures__/held-send.ts";
import { modelsAt } from "../__fixtures__/models-at.ts";
import { finish, scriptedModel, text } from "../__fixtures__/scripted-model.ts";
import type { ChatModel, StreamPart } from "../model.ts";
import { virtualTime } from "./__fixtures__/virtual-time.ts";
import { createCalling } from "./create-calling.ts";

const minute = 60_000;

/** How a model ends that is silent for so many milliseconds before its text, and in the middle of it. */
async function silent(model: Pick<ChatModel, "name" | "capabilities">, first: number, between: number) {
  const time = virtualTime();
  const asked: ChatModel = {
    ...scriptedModel([], { identity: { provider: "sim", baseUrl: "https://sim.test/v1" } }),
    ...model,
    async *stream(_, signal): AsyncGenerator<StreamPart> {
      await time.sleep(first, signal);
      yield text("a");
      await time.sleep(between, signal);
      yield finish;
    },
  };
  const reached = createCalling({ timers: time, random: () => 0 }).reach(asked);
  const attempts: StreamPart[] = [];
  const reading = (async () => {
    for await (const part of reached.stream({ messages: [], parameters: {} }, live()))
      if (part.type === "attempt") attempts.push(part);
    return attempts.length;
  })();
  const ended = reading.catch((thrown: unknown) => (thrown as Error).message);
  await time.run();
  return ended;
}

test("a model that is known to think may be silent for ten minutes, and for five within its answer", async () => {
  const thinking = { name: "sim/deep", capabilities: { reasoning: true } };
  expect(await silent(thinking, 9.9 * minute, 4.9 * minute)).toBe(0);
  expect(await silent(thinking, 10.1 * minute, 0)).toMatch(/did not begin to answer within 600 s/);
  expect(await silent(thinking, 0, 5.1 * minute)).toMatch(/said nothing for 300 s/);
});

test("any other is asked again after a minute, and ended after 30 s within its answer", async () => {
  expect(await silent({ name: "sim/plain" }, 1.1 * minute, 0)).toMatch(/did not begin to answer within 60 s/);
  expect(await silent({ name: "sim/plain" }, 0, 0.6 * minute)).toMatch(/said nothing for 30 s/);
});

test.each([
  "openai/gpt-5-mini",
  "openai/gpt-5-pro",
  "openai/o3-deep-research-2025-06-26",
  "openrouter/openai/o3-pro",
  "gemini/gemini-2.5-pro",
  "anthropic/claude-opus-4-5",
])("%s is known to think", async (name) => {
  const { capabilities } = modelsAt("http://127.0.0.1:9").chatModel(name);
  expect(await silent({ name, ...(capabilities && { capabilities }) }, 9 * minute, 0)).toBe(0);
});

test.each([
  "openai/gpt-4.1-mini",
  "openai/gpt-5-chat-latest",
  "openrouter/some/prompt-model",
  "gemini/gemini-2.0-flash",
])("%s is not", async (name) => {
  const { capabilities } = modelsAt("http://127.0.0.1:9").chatModel(name);
  expect(await silent({ name, ...(capabilities && { capabilities }) }, 2 * minute, 0)).toMatch(/within 60 s/);
});

test("one that does not stream has all of its time for its answer, which comes at once", async () => {
  const whole = { name: "sim/whole", capabilities: { streaming: false } };
  expect(await silent(whole, 9.9 * minute, 0)).toBe(0);
  expect(await silent(whole, 10.1 * minute, 0)).toMatch(/within 600 s/);
  const deep = { name: "sim/deep", capabilities: { streaming: false, reasoning: true } };
  expect(await silent(deep, 29.9 * minute, 0)).toBe(0);
});

test("what a workspace says of a model goes before its name", async () => {
  expect(await silent({ name: "sim/fast-pro", capabilities: { reasoning: false } }, 2 * minute, 0)).toMatch(
    /within 60 s/,
  );
});
