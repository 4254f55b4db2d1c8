import { expect, test } from "vitest";
import { settingWords } from "./setting-words.ts";

const words = (configuration: Parameters<typeof settingWords>[0]): string[] =>
  settingWords(configuration).map((chip) => chip.words);

test("a prompt's settings are chips in words, an axis each", () => {
  expect(
    words({
      models: ["small", "large"],
      vary: { shots: [0, 5], tone: ["formal", "plain"] },
      schema: { enum: ["a", "b", "c"] },
      completion: true,
      temperature: 0,
      max_tokens: 12,
      stop: "\n",
      title: "Topic",
      repeat: 5,
    }),
  ).toEqual([
    "models small, large",
    "shots 0, 5",
    "tone formal, plain",
    "one of 3",
    "continues text",
    "temperature 0",
    "at most 12 tokens",
    'stop "\\n"',
    "5 repeats",
  ]);
});

test.each([
  [{ schema: "number" }, "number"],
  [{ schema: ["yes", "no"] }, "one of 2"],
  [{ schema: { vendor: "string", total: "number" } }, "2 fields"],
  [{ schema: { type: "object", properties: { a: {} } } }, "1 field"],
  [{ schema: { type: "integer" } }, "integer"],
  [{ k: 5 }, "k 5"],
  [{ continue_on_error: true }, "continue on error"],
  [{ models: [{ model: "a/b", temperature: 0 }, "c", "d", "e", "f"] }, "models a/b, c, d and 2 more"],
])("%j", (configuration, chip) => {
  expect(words(configuration)).toEqual([chip]);
});

test("each chip names the setting it opens", () => {
  expect(settingWords({ vary: { a: [1], b: [2] }, k: 3 }).map(({ key }) => key)).toEqual(["vary", "vary", "k"]);
});
