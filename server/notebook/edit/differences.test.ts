import fc from "fast-check";
import { expect, test } from "vitest";
import { differences } from "./differences.ts";
import { applyEdits } from "./text-edits.ts";

test("each line that differs is one edit of what differs in it", () => {
  expect(differences("a\nbcd\ne", "a\nbxd\ne", 10)).toEqual([{ start: 13, end: 14, text: "x" }]);
  expect(differences("topic: a\nx\ntopic", "answer: a\nx\nanswer", 0)).toEqual([
    { start: 0, end: 5, text: "answer" },
    { start: 11, end: 16, text: "answer" },
  ]);
  expect(differences("aa", "aaa", 0)).toEqual([{ start: 2, end: 2, text: "a" }]);
  expect(differences("aaa", "aa", 0)).toEqual([{ start: 2, end: 3, text: "" }]);
  expect(differences("aba", "aca", 0)).toEqual([{ start: 1, end: 2, text: "c" }]);
  expect(differences("", "a", 4)).toEqual([{ start: 4, end: 4, text: "a" }]);
  expect(differences("a\nb", "a\nb", 4)).toEqual([]);
});

test("a text of more or fewer lines is replaced whole", () => {
  expect(differences("a\nb", "a", 3)).toEqual([{ start: 3, end: 6, text: "a" }]);
  expect(differences("a", "a\nb", 3)).toEqual([{ start: 3, end: 4, text: "a\nb" }]);
});

test("the edits turn the one text into the other, whatever they are", () => {
  const text = fc.array(fc.constantFrom("a", "b", "\n"), { maxLength: 12 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(applyEdits(before, differences(before, after, 0))).toBe(after);
    }),
  );
});
