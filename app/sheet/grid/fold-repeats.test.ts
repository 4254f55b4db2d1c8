import fc from "fast-check";
import { expect, test } from "vitest";
import { foldedText, foldRepeats } from "./fold-repeats.ts";

test("answers that came several times are one, the most frequent first", () => {
  const folded = foldRepeats(["exchange_rate", "card_arrival", "card_arrival", "card_arrival", "card_arrival"]);
  expect(foldedText(folded)).toBe("card_arrival × 4, exchange_rate × 1");
});

test("none is lost, and those that came equally often keep their order", () => {
  expect(foldRepeats(["b", "a"]).map(({ answer }) => answer)).toEqual(["b", "a"]);
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "b", "c")), (answers) => {
      const folded = foldRepeats(answers);
      expect(folded.reduce((sum, { count }) => sum + count, 0)).toBe(answers.length);
      expect(new Set(folded.map(({ answer }) => answer))).toEqual(new Set(answers));
    }),
  );
});
