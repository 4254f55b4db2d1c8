import { expect, test } from "vitest";
import type { ChatAnswer } from "#server/notebook/services.ts";
import { parseAnswer } from "./parse-answer.ts";

const answer = (text: string, finish: ChatAnswer["finish"] = "stop"): ChatAnswer => ({
  text,
  finish,
  call: { key: "k", model: "echo/text", usage: {}, cost: 0, latency: 1, cached: false },
});
const choice = { enum: ["card_arrival", "pin_blocked"] };

test("without a schema an answer is its text as it came", () => {
  expect(parseAnswer(answer(" Hi \n"), undefined)).toEqual({ type: "string", value: " Hi \n" });
});

test("a choice is a label, also in quotes and with space around it", () => {
  expect(parseAnswer(answer(" card_arrival\n"), choice)).toEqual({ type: "string", value: "card_arrival" });
  expect(parseAnswer(answer('"pin_blocked"'), choice)).toEqual({ type: "string", value: "pin_blocked" });
});

test("what is no label is an error with the labels there are", () => {
  expect(() => parseAnswer(answer("other"), choice)).toThrow(
    expect.objectContaining({
      code: "prompt.not-a-choice",
      message: 'the model answered "other", which is none of card_arrival, pin_blocked',
    }),
  );
});

test("a number, an object and a text are what JSON says", () => {
  expect(parseAnswer(answer("42"), { type: "number" })).toEqual({ type: "number", value: 42 });
  expect(parseAnswer(answer('{"total": 3}'), { type: "object" })).toEqual({ type: "json", value: { total: 3 } });
  expect(parseAnswer(answer('"quoted"'), { type: "string" })).toEqual({ type: "string", value: '"quoted"' });
});

test("what is no JSON is an error, which says so where it was cut off", () => {
  expect(() => parseAnswer(answer("{"), { type: "object" })).toThrow(
    expect.objectContaining({
      code: "prompt.not-json",
      cure: "Ask for JSON alone, or use a model that follows a schema.",
    }),
  );
  expect(() => parseAnswer(answer("{", "length"), { type: "object" })).toThrow(
    expect.objectContaining({ cure: "Raise `max_tokens`." }),
  );
});
