import { expect, test } from "vitest";
import { budgetWords } from "./budget-words";

const day = { scope: { type: "day" }, amount: 5, spent: 0.8, batched: 0, estimated: 0, unpriced: 0 } as const;

test.each([
  [day, "$4.20 of today's budget of $5.00 is left"],
  [{ ...day, spent: 4.8, batched: 4 }, "$0.20 of today's budget of $5.00 is left, with up to $4.00 held for batches"],
  [{ ...day, amount: 0.003, spent: 0.0004 }, "$0.0026 of today's budget of $0.003 is left"],
  [{ ...day, spent: 4.9999 }, "$0.00010 of today's budget of $5.00 is left"],
  [{ ...day, spent: 7 }, "Nothing of today's budget of $5.00 is left"],
  [{ ...day, unpriced: 1 }, "$4.20 of today's budget of $5.00 is left, not counting 1 call of unknown price"],
  [
    { ...day, estimated: 1 },
    "About $4.20 of today's budget of $5.00 is left, with 1 call counted at what was expected",
  ],
  [
    { ...day, spent: 5, estimated: 2, unpriced: 1 },
    "Nothing of today's budget of $5.00 is left, with 2 calls counted at what was expected, not counting 1 call of unknown price",
  ],
  [
    { ...day, scope: { type: "notebook", notebook: "notebooks/triage.md" } as const, unpriced: 3 },
    "$4.20 of the budget of triage of $5.00 is left, not counting 3 calls of unknown price",
  ],
])("what is left of a budget, and what it cannot count: %#", (budget, words) => {
  expect(budgetWords(budget)).toBe(words);
});
