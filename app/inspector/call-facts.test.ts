import { expect, test } from "vitest";
import type { CallDetail } from "#server/runner/call-detail.ts";
import { callFacts } from "./call-facts.ts";

const sentAt = new Date(2026, 10, 29, 12, 4, 9).getTime();
const call: CallDetail = {
  key: "k",
  model: "gpt-5-mini-2026-08-07",
  usage: { input: 1180, output: 5, cachedInput: 1024, reasoning: 0 },
  cost: 0.0001,
  latency: 1431,
  cached: true,
  journal: {
    model: "openai/gpt-5-mini",
    step: 0,
    run: "run-7",
    imported: false,
    address: "topic",
    sentAt,
    firstText: 212,
    latency: 1431,
    state: "done",
    finish: "length",
    requestId: "req_1",
    request: {
      messages: [],
      completion: null,
      parameters: { temperature: 0, stop: ["\n"] },
      schema: null,
      images: [],
      imageMessage: -1,
      embedding: null,
    },
    text: "x",
    reasoning: null,
    response: null,
    keyNumber: 2,
    keyHash: "3fa1b2c4",
    attempts: [],
    error: null,
    price: null,
  },
};

test("a call is told in full: who was asked and who answered, tokens by kind, times, keys", () => {
  expect(callFacts(call, sentAt).map(({ term, text }) => `${term}: ${text}`)).toEqual([
    "model: openai/gpt-5-mini",
    "answered by: gpt-5-mini-2026-08-07",
    'parameters: temperature 0 · stop ["\\n"]',
    "tokens: 1,180 in · 5 out · 1,024 cached",
    "key: 2 (3fa1b2c4) of the provider's",
    "latency: 212 ms first · 1.4 s",
    "ended: at its most tokens: it is cut off",
    "sent: 12:04:09",
    "run: run-7",
    "call key: k",
    "request id: req_1",
  ]);
});

test("attempts that failed say why, and what was done then", () => {
  const failed = { endedAt: sentAt, code: "model.overloaded", unbilled: true };
  const attempts = [
    { ...failed, message: "OpenAI (HTTP 429): slow down", waited: 1_400, requestId: "req_0", status: 429 },
    { ...failed, message: "OpenAI (HTTP 401): revoked", waited: 0, key: 2 },
    { ...failed, message: "OpenAI (HTTP 529): busy", waited: 0, next: "anthropic/claude-haiku-4-5" },
  ];
  const facts = callFacts({ ...call, journal: { ...call.journal!, attempts } }, sentAt);
  expect(facts.filter(({ term }) => term.startsWith("attempt")).map(({ text }) => text)).toEqual([
    "OpenAI (HTTP 429): slow down (request id req_0) → again after 1.4 s",
    "OpenAI (HTTP 401): revoked → key 2 rests, took another",
    "OpenAI (HTTP 529): busy → asked anthropic/claude-haiku-4-5",
  ]);
});

test("a repair is told as such, and a turn of a conversation, which is of no run, is none", () => {
  const why = (step: number, run: string) =>
    callFacts({ ...call, journal: { ...call.journal!, step, run } }, sentAt).filter(
      ({ term }) => term === "why" || term === "run",
    );
  expect(why(0, "run-7")).toEqual([{ term: "run", text: "run-7", mono: true }]);
  expect(why(1, "run-7")[0]).toEqual({ term: "why", text: "asked once more, for the answer did not fit its schema" });
  expect(why(1, "")).toEqual([{ term: "why", text: "turn 2 of a conversation" }]);
});

test("what is not known is not made up", () => {
  const facts = callFacts({ ...call, usage: {}, journal: null }, sentAt);
  expect(facts.map(({ term }) => term)).toEqual(["model", "tokens", "latency", "call key"]);
  expect(facts[1]!.text).toBe("the provider did not say");
});

test("a key is told by its hash where it is the only one, and by its place alone in calls of before that was kept", () => {
  const key = (known: { readonly keyNumber: number | null; readonly keyHash: string | null }) =>
    callFacts({ ...call, journal: { ...call.journal!, ...known } }, sentAt).find(({ term }) => term === "key")?.text;
  expect(key({ keyNumber: null, keyHash: "3fa1b2c4" })).toBe("3fa1b2c4");
  expect(key({ keyNumber: 2, keyHash: null })).toBe("2 of the provider's");
  expect(key({ keyNumber: null, keyHash: null })).toBeUndefined();
});

test("a model that answers under its own name is told once", () => {
  const facts = callFacts({ ...call, model: "gpt-5-mini" }, sentAt);
  expect(facts.map(({ term }) => term)).not.toContain("answered by");
});
