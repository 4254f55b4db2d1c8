import { expect, test } from "vitest";
import { spentWords } from "./spent-words";

test.each([
  [{ cost: 0, unpriced: 0 }, "free"],
  [{ cost: 1.54, unpriced: 0 }, "$1.54"],
  [{ cost: 1.54, unpriced: 3 }, "$1.54 + 3 unpriced"],
  [{ cost: 0, unpriced: 3_000 }, "3,000 unpriced"],
  // A run of before they were counted.
  [{ cost: null, unpriced: null }, "unpriced"],
])("what calls came to is what is known, and how many are not in it: %j", (spent, words) =>
  expect(spentWords(spent)).toBe(words),
);
