import { expect, test } from "vitest";
import { isSameText, wordDiff } from "./word-diff.ts";

test("words that came and went are told apart from those that stayed", () => {
  expect(wordDiff("The topic is card arrival.", "The topic is exchange rate.")).toEqual([
    { type: "same", text: "The topic is " },
    { type: "removed", text: "card" },
    { type: "added", text: "exchange" },
    { type: "same", text: " " },
    { type: "removed", text: "arrival" },
    { type: "added", text: "rate" },
    { type: "same", text: "." },
  ]);
});

test("a long passage that stayed is cut in its middle, what changed never", () => {
  const long = "word ".repeat(400);
  const parts = wordDiff(`a ${long}b`, `c ${long}d`);
  expect(parts.find(({ type }) => type === "same")!.text).toMatch(/… 1,\d{3} characters the same …/);
  expect(parts.filter(({ type }) => type !== "same").map(({ text }) => text)).toEqual(["a", "c", "b", "d"]);
});

test("white space at the ends makes no other answer", () => {
  expect(isSameText(" card_arrival\n", "card_arrival")).toBe(true);
  expect(isSameText("card arrival", "card_arrival")).toBe(false);
});
