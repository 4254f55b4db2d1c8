import { expect, test } from "vitest";
import { findInText } from "./find-in-text.ts";

test("a word is found whatever its case, without overlap", () => {
  expect(findInText("Aa aaa", "AA")).toEqual([
    { start: 0, end: 2 },
    { start: 3, end: 5 },
  ]);
});

test("nothing is found of nothing, nor where it is not", () => {
  expect(findInText("abc", "")).toEqual([]);
  expect(findInText("abc", "x")).toEqual([]);
});

test("places are right where lower case is longer than upper", () => {
  const text = "İstanbul card";
  const [place] = findInText(text, "card");
  expect(text.slice(place!.start, place!.end)).toBe("card");
});

test("of very many only so many are given", () => {
  expect(findInText("a".repeat(5_000), "a", 100)).toHaveLength(100);
});
