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

test("an answer that was cut off before its label says so", () => {
  expect(() => parseAnswer(answer("card", "length"), choice)).toThrow(
    expect.objectContaining({ message: expect.stringContaining("cut off"), cure: "Raise `max_tokens`." }),
  );
});

test("an answer of which all that came was thought is none, whatever the schema", () => {
  for (const schema of [undefined, choice, { type: "object" }])
    expect(() =>
      parseAnswer({ ...answer("", "length"), call: { ...answer("").call, usage: { output: 1_024 } } }, schema),
    ).toThrow(
      expect.objectContaining({
        code: "model.length",
        message: "there is no answer: all of its 1,024 tokens went into thinking, and it may have no more",
        cure: expect.stringContaining("Raise `max_tokens`"),
      }),
    );
  expect(parseAnswer(answer("Hal", "length"), undefined)).toEqual({ type: "string", value: "Hal" });
});

test("a number, an object and a text are what JSON says", () => {
  expect(parseAnswer(answer("42"), { type: "number" })).toEqual({ type: "number", value: 42 });
  expect(parseAnswer(answer('{"total": 3}'), { type: "object" })).toEqual({ type: "json", value: { total: 3 } });
  expect(parseAnswer(answer('"quoted"'), { type: "string" })).toEqual({ type: "string", value: '"quoted"' });
});

test("whole numbers have all their digits, also where their schema bounds them", () => {
  const schema = {
    type: "object",
    properties: { order: { type: "integer", minimum: 1 }, cards: { type: "array", items: { type: "number" } } },
  };
  const text = '{"order": 9999888877776661, "cards": [4532015112830367211, -9007199254740993, 1.5]}';
  expect(parseAnswer(answer(text), schema)).toEqual({
    type: "json",
    value: { order: 9_999_888_877_776_661n, cards: [4_532_015_112_830_367_211n, -9_007_199_254_740_993n, 1.5] },
  });
  expect(parseAnswer(answer("9".repeat(400)), { type: "integer" })).toEqual({
    type: "number",
    value: BigInt("9".repeat(400)),
  });
  expect(() => parseAnswer(answer("9007199254740993"), { type: "integer", maximum: 10 })).toThrow(
    expect.objectContaining({ code: "prompt.schema", message: expect.stringContaining("must be at most 10") }),
  );
});

test.each([
  ['{"x": 1e400}', "a number is larger than any there is"],
  [`{"x": ${"[".repeat(600)}${"]".repeat(600)}}`, "lists and mappings go deeper than 500 levels"],
])("JSON that is no value here is an error that says why", (text, why) => {
  expect(() => parseAnswer(answer(text), { type: "object" })).toThrow(
    expect.objectContaining({
      code: "prompt.not-json",
      message: expect.stringContaining(why),
      cure: "Ask for JSON alone, or use a model that follows a schema.",
    }),
  );
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

test.each([undefined, choice, { type: "string" }, { type: "object" }])(
  "a refusal, or what a filter left, is no value whatever the schema, though it might be one: %o",
  (schema) => {
    for (const text of ["I cannot help with that.", "card_arrival", "{}"])
      expect(() => parseAnswer(answer(text, "content-filter"), schema)).toThrow(
        expect.objectContaining({
          code: "model.content-filter",
          message: expect.stringContaining(JSON.stringify(text)),
        }),
      );
    expect(() => parseAnswer(answer("", "content-filter"), schema)).toThrow("nothing of an answer");
  },
);

const invoice = {
  type: "object",
  properties: {
    total: { type: "number", minimum: 0 },
    currency: { enum: ["EUR", "USD"] },
    lines: {
      type: "array",
      items: { type: "object", properties: { count: { type: "integer" } }, required: ["count"] },
    },
  },
  required: ["total"],
  additionalProperties: false,
};

test.each([
  ["{}", "it lacks `total`"],
  ['{"total":"12"}', '`total` must be a number, not "12"'],
  ['{"total":-1}', "`total` must be at least 0, not -1"],
  ['{"total":1,"note":"x"}', "it has `note`, which its schema does not have"],
  ['{"total":1,"currency":"GBP"}', '`currency` must be one of EUR, USD, not "GBP"'],
  ['{"total":1,"lines":[{"count":1},{"count":1.5}]}', "`lines[1].count` must be a whole number, not 1.5"],
  ["[1]", "it must be an object, not [1]"],
])("JSON that breaks its schema is an error with the path and what was expected: %s", (text, problem) => {
  expect(() => parseAnswer(answer(text), invoice)).toThrow(
    expect.objectContaining({
      code: "prompt.schema",
      message: `the model's answer is not as its schema says: ${problem}`,
      cure: expect.stringContaining("schema"),
    }),
  );
});

test("what its schema allows is taken, under the name of any draft; `toString` is a member only where it is written", () => {
  const whole = '{"total":1,"currency":"EUR","lines":[{"count":2}]}';
  expect(parseAnswer(answer(whole), { $schema: "http://json-schema.org/draft-07/schema#", ...invoice })).toEqual({
    type: "json",
    value: JSON.parse(whole),
  });
  expect(parseAnswer(answer("null"), { type: ["number", "null"] })).toEqual({ type: "null" });
  expect(parseAnswer(answer("[1]"), {})).toEqual({ type: "json", value: [1] });
  const methods = { type: "object", required: ["toString"] };
  expect(() => parseAnswer(answer("{}"), methods)).toThrow("lacks `toString`");
});

test("a text is held to its length and pattern, in time linear in it", () => {
  const schema = { type: "string", pattern: "^(a+)+$" };
  expect(parseAnswer(answer("aaa"), schema)).toEqual({ type: "string", value: "aaa" });
  const start = performance.now();
  expect(() => parseAnswer(answer(`${"a".repeat(60)}!`), schema)).toThrow("must match /^(a+)+$/");
  expect(performance.now() - start).toBeLessThan(1000);
});

test("white space in a pattern is all there is, as in a regex of a score", () => {
  const schema = { type: "string", pattern: String.raw`^a\sb$` };
  expect(parseAnswer(answer("a\u00a0b"), schema)).toEqual({ type: "string", value: "a\u00a0b" });
});
