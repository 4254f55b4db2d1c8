import { expect, test } from "vitest";
import { keepingChoices, keepingWords } from "./keeping-words.ts";

test("a length of time that is none of the usual is offered in its place", () => {
  expect(keepingChoices(60).map(keepingWords)).toEqual([
    "for ever",
    "for a year",
    "for 90 days",
    "for 60 days",
    "for 30 days",
    "for 7 days",
    "for a day",
  ]);
  expect(keepingChoices(null)).toEqual(keepingChoices(30));
});
