import { describe, expect, test } from "vitest";
import { textForms } from "./text-forms.ts";

describe("the forms of a text", () => {
  test.each([
    ["a plain sentence", "card_arrival", ["raw"]],
    ["prose with a star and a number", "2 * 3 is 6, is it not? - yes", ["raw"]],
    ["an object", '{ "topic": "card_arrival" }', ["json", "raw"]],
    ["an object in a fence", '```json\n{ "topic": 1 }\n```', ["json", "raw"]],
    ["an object with a whole number that would be rounded", '{ "id": 9007199254740993 }', ["raw"]],
    ["JSON that breaks off", '{ "topic": ', ["raw"]],
    ["a number, which is JSON too", "12", ["raw"]],
    ["a heading", "# Answer\n\nIt is late.", ["rendered", "raw"]],
    ["a list", "Two:\n- one\n- two", ["rendered", "raw"]],
    ["bold words", "It is **late**.", ["rendered", "raw"]],
    ["a table", "| a | b |\n| - | - |\n| 1 | 2 |", ["rendered", "raw"]],
    ["a fence of code", "Use\n```ts\n1\n```", ["rendered", "raw"]],
  ])("%s", (_what, text, forms) => {
    expect(textForms(text)).toEqual(forms);
  });
});
