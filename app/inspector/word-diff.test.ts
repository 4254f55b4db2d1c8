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

test("long texts that have little in common are told apart by lines, or as a whole, soon", () => {
  const text = (word: string): string => Array.from({ length: 20_000 }, (_, at) => `${word}${at}`).join(" ");
  const [mine, yours] = [text("mine"), text("yours")];
  const begun = performance.now();
  expect(wordDiff(`Dear all\n${mine}`, `Dear all\n${yours}`)).toEqual([
    { type: "same", text: "Dear all\n" },
    { type: "removed", text: mine },
    { type: "added", text: yours },
  ]);
  const [left, right] = [mine.replaceAll(" ", "\n"), yours.replaceAll(" ", "\n")];
  expect(wordDiff(left, right)).toEqual([
    { type: "removed", text: left },
    { type: "added", text: right },
  ]);
  expect(performance.now() - begun).toBeLessThan(15_000);
});

test("white space at the ends makes no other answer", () => {
  expect(isSameText(" card_arrival\n", "card_arrival")).toBe(true);
  expect(isSameText("card arrival", "card_arrival")).toBe(false);
});
