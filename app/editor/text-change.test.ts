import fc from "fast-check";
import { expect, test } from "vitest";
import { lineChanges } from "./line-changes.ts";
import { textChange } from "./text-change.ts";

test("a change makes one text another, and touches nothing at its ends that is the same", () => {
  const text = fc.array(fc.constantFrom("a", "b", "\n", "aa")).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { from, to, insert } = textChange(before, after);
      expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
      if (before !== after) expect(before[from] === insert[0] && to > from && insert !== "").toBe(false);
    }),
  );
  expect(textChange("hello world", "hello there world")).toEqual({ from: 6, to: 6, insert: "there " });
});

test("the lines of two texts are told apart, theirs before mine", () => {
  const lines = lineChanges("a\nb\nc", "a\nx\nc\n__proto__");
  expect(lines.map((line) => `${line.in}: ${line.text}`)).toEqual([
    "both: a",
    "theirs: b",
    "mine: x",
    "both: c",
    "mine: __proto__",
  ]);
});
