import { expect, test } from "vitest";
import { sameOnes } from "./same-ones.ts";

test("a list that is made anew is that of before where nothing in it is another", () => {
  const before = [{ id: "a" }, { id: "b" }];
  expect(sameOnes(before, [{ id: "a" }, { id: "b" }])).toBe(before);
});

test("what is the same stays itself beside what is new, moved or gone", () => {
  const [a, b] = [{ id: "a" }, { id: "b" }];
  const now = sameOnes([a, b], [{ id: "b" }, { id: "c" }, { id: "a" }]);
  expect(now).toEqual([{ id: "b" }, { id: "c" }, { id: "a" }]);
  expect([now[0] === b, now[2] === a]).toEqual([true, true]);
  expect(sameOnes([a, b], [{ id: "a" }])).toEqual([a]);
});
