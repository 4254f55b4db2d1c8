import { expect, test } from "vitest";
import type { CallDetails } from "#server/api/result-details.ts";
import { callFacts } from "./call-facts.ts";

const sentAt = new Date(2026, 10, 29, 12, 4, 9).getTime();
const call: CallDetails = {
  key: "k",
  model: "openai/gpt-5-mini",
  answeredBy: "gpt-5-mini-2026-08-07",
  request: { messages: [], parameters: { temperature: 0, stop: ["\n"] } },
  text: "x",
  finish: "length",
  usage: { input: 1180, output: 5, cachedInput: 1024, reasoning: 0 },
  sentAt,
  firstTextAt: sentAt + 212,
  endedAt: sentAt + 1431,
  cost: 0.0001,
  price: null,
  requestId: "req_1",
  run: "run-7",
  sentFor: { notebook: "n.md", address: "topic" },
  step: 0,
  cached: true,
  error: null,
};

test("a call is told in full: who was asked and who answered, tokens by kind, times, keys", () => {
  expect(callFacts(call, sentAt).map(({ term, text }) => `${term}: ${text}`)).toEqual([
    "model: openai/gpt-5-mini",
    "answered by: gpt-5-mini-2026-08-07",
    'parameters: temperature 0 · stop ["\\n"]',
    "tokens: 1,180 in · 5 out · 1,024 cached",
    "latency: 212 ms first · 1.4 s",
    "ended: at its most tokens: it is cut off",
    "sent: 12:04:09",
    "run: run-7",
    "call key: k",
    "request id: req_1",
  ]);
});

test("what is not known is not made up", () => {
  const little = { ...call, usage: {}, endedAt: null, firstTextAt: null, requestId: null, finish: null, request: null };
  const facts = callFacts({ ...little, answeredBy: "gpt-5-mini" }, sentAt);
  expect(facts.map(({ term }) => term)).toEqual(["model", "tokens", "sent", "run", "call key"]);
  expect(facts[1]!.text).toBe("the provider did not say");
});
