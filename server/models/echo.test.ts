import { expect, test } from "vitest";
import { collect, textOf } from "./__fixtures__/chat-model-conformance.ts";
import { echo } from "./echo.ts";
import type { ChatRequest, StreamPart } from "./model.ts";

const settings = { environment: {}, fetch, endpoints: {} };

function ask(
  model: string,
  request: Partial<ChatRequest> = {},
  signal = new AbortController().signal,
): Promise<StreamPart[]> {
  const messages = [
    { role: "user", content: "first" },
    { role: "assistant", content: "no" },
    { role: "user", content: "Hello big world\nTopic: x" },
  ] as const;
  return collect(echo.chatModel!(model, settings).stream({ messages, parameters: {}, ...request }, signal));
}

test.each([
  ["text", "Hello big world\nTopic: x"],
  ["upper", "HELLO BIG WORLD\nTOPIC: X"],
  ["lower+reverse", "x :cipot\ndlrow gib olleh"],
  ["last", "Topic: x"],
  ["upper+last+delay-1", "TOPIC: X"],
])("echo/%s answers the last user message as %j", async (model, answer) => {
  expect(textOf(await ask(model))).toBe(answer);
});

test("echo answers text to be continued with itself, and nothing with nothing", async () => {
  expect(textOf(await ask("upper", { completion: "once" }))).toBe("ONCE");
  expect(textOf(await ask("text", { messages: [] }))).toBe("");
});

test("echo keeps to stop and max_tokens, and counts four characters a token", async () => {
  const stopped = await ask("text", { parameters: { stop: ["\n", "world"] } });
  expect(textOf(stopped)).toBe("Hello big ");
  expect(stopped.at(-1)).toMatchObject({ reason: "stop", usage: { input: 9, output: 3 } });
  const cut = await ask("text", { parameters: { max_tokens: 2 } });
  expect(textOf(cut)).toBe("Hello bi");
  expect(cut.at(-1)).toMatchObject({ reason: "length", usage: { output: 2 } });
});

test("echo waits no longer than it is let", async () => {
  const reason = new Error("enough");
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 10);
  await expect(ask("delay-60000", {}, controller.signal)).rejects.toBe(reason);
});
