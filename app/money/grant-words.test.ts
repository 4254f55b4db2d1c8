import { expect, test } from "vitest";
import { grantWords } from "./grant-words.ts";

test.each([
  [{ budget: 0, spent: 0 }, "It runs by itself where its model costs nothing."],
  [{ budget: 1, spent: 0 }, "It runs by itself: nothing of its $1.00 is spent."],
  [{ budget: 2.5, spent: 0.124 }, "It runs by itself: $0.12 of its $2.50 is spent."],
  [{ budget: 0.003, spent: 0.0021 }, "It runs by itself: $0.0021 of its $0.003 is spent."],
  [{ budget: 1, spent: 1.003 }, "It waits for a hand: its grant of $1.00 is spent."],
])("a grant says what is spent of it: %j", (grant, words) => {
  expect(grantWords(grant)).toBe(words);
});
