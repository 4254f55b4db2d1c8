import { expect, test } from "vitest";
import type { InputView } from "#server/workbench/view.ts";
import { inputText, parseInputText } from "./input-text";

const of = (type: InputView["type"], text: string) => parseInputText({ type }, text);

test("a text means what the input's type says", () => {
  expect(of("string", "5")).toEqual({ value: "5" });
  expect(of("number", " 5.5 ")).toEqual({ value: 5.5 });
  expect(of("json", '{"a": [1]}')).toEqual({ value: { a: [1] } });
  expect(of("messages", '[{"role":"user","content":"Hi"}]')).toEqual({ value: [{ role: "user", content: "Hi" }] });
});

test("a text with more digits than a number has is what its value is read from", () => {
  expect(of("number", " 9007199254740993 ")).toMatchObject({ exact: "9007199254740993" });
  expect(of("json", "[9007199254740993]")).toMatchObject({ exact: "[9007199254740993]" });
  for (const text of ["9007199254740991", "1234567890123456.5", "1e20"])
    expect(of("number", text)).not.toHaveProperty("exact");
  expect(of("json", '["9007199254740993"]')).not.toHaveProperty("exact");
  expect(inputText({ type: "json", value: ["9007199254740993"], json: "[9007199254740993]" })).toBe(
    "[9007199254740993]",
  );
});

test.each<[InputView["type"], string, string]>([
  ["number", "five", "This is no number"],
  ["number", "", "Enter a number"],
  ["json", "", "Enter JSON"],
  ["json", '{"a": 1,\n  b}', "line 2, column 3"],
  ["json", '{"a": ', "line 1, column 7"],
  ["messages", "{}", "Enter a list"],
  ["messages", '[{"role":"user","content":"Hi"},{"role":"robot","content":"Hi"}]', "Message 2 needs"],
  ["messages", "[1]", "Message 1 needs"],
])("of type %s, %j is told to be wrong: %s", (type, text, words) => {
  expect(of(type, text)).toEqual({ problem: expect.stringContaining(words) as string });
});

test("a value stands in its field as it would be written", () => {
  expect(inputText({ type: "number", value: 5 })).toBe("5");
  expect(inputText({ type: "json", value: [1, 2] })).toBe("[1,2]");
  expect(inputText({ type: "json", value: { text: "x".repeat(80) } })).toContain('{\n  "text"');
  expect(inputText({ type: "string" })).toBe("");
});
