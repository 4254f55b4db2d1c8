import { expect, test } from "vitest";
import { amountProblem } from "./amount-problem";

test.each([
  ["5", null],
  [" .5 ", null],
  ["0", null],
  ["0.003", null],
  ["-3", "Not below 0"],
  ["0,5", "With a point, as in 0.50"],
  ["1e3", "US dollars, as in 2.50"],
  ["abc", "US dollars, as in 2.50"],
  ["", "US dollars, as in 2.50"],
])("an amount that is none says why: %j", (entered, why) => expect(amountProblem(entered)).toBe(why));
