import { describe, expect, test } from "vitest";
import type { ChatAnswer, Usage } from "#server/notebook/services.ts";
import { chatCompletion, lastChunks } from "./chat-answers.ts";

const head = { id: "chatcmpl-1", created: 1, model: "a/b" };
const answer = (usage: Usage, finish: ChatAnswer["finish"] = "stop"): ChatAnswer => ({
  text: "Hi",
  finish,
  call: { key: "k", model: "a/b", usage, cost: null, latency: 1, cached: false },
});

describe("an answer whose tokens are not known", () => {
  test.each<[string, Usage]>([
    ["at all", {}],
    ["but for those of the request", { input: 3 }],
  ])("%s has no usage, which is not 0", (_, usage) => {
    expect(chatCompletion(head, answer(usage))).not.toHaveProperty("usage");
    expect(lastChunks(head, answer(usage), true)).toHaveLength(1);
  });

  test("is told with its usage where they are", () => {
    const usage = { prompt_tokens: 3, completion_tokens: 0, total_tokens: 3 };
    expect(chatCompletion(head, answer({ input: 3, output: 0 }))).toMatchObject({ usage });
    expect(lastChunks(head, answer({ input: 3, output: 0 }), true)[1]).toMatchObject({ choices: [], usage });
  });
});

test.each<[ChatAnswer["finish"], string]>([
  ["stop", "stop"],
  ["length", "length"],
  ["content-filter", "content_filter"],
  ["other", "other"],
])("an answer that ended by %s is not told to have ended otherwise", (finish, told) => {
  expect(chatCompletion(head, answer({}, finish)).choices[0]!.finish_reason).toBe(told);
  expect(lastChunks(head, answer({}, finish), false)[0]).toMatchObject({ choices: [{ finish_reason: told }] });
});
