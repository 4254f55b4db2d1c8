import { expect, test } from "vitest";
import { amountText, amountTexts, exactAmount } from "./amount-text.ts";

test.each([
  [0, "$0"],
  [0.000_000_03, "$0.000000030"],
  [0.000_081, "$0.000081"],
  [0.0075, "$0.0075"],
  [0.0126, "$0.013"],
  [0.04, "$0.040"],
  [0.0996, "$0.10"],
  [0.5, "$0.50"],
  [0.996, "$1.00"],
  [1.2, "$1.20"],
  [1234.5, "$1234.50"],
])("an amount has cents, and below a dollar two digits that count: %d", (amount, text) =>
  expect(amountText(amount)).toBe(text),
);

test.each([
  [
    [0.0216, 0.0231],
    ["$0.022", "$0.023"],
  ],
  [
    [0.0212, 0.0214],
    ["$0.0212", "$0.0214"],
  ],
  [
    [1.001, 1.002],
    ["$1.001", "$1.002"],
  ],
  [
    [0, 0.000_02],
    ["$0", "$0.000020"],
  ],
  [
    [0.1 + 0.2, 0.3],
    ["$0.30", "$0.30"],
  ],
])("amounts beside one another have as many digits as tell them apart: %j", (amounts, texts) =>
  expect(amountTexts(...amounts)).toEqual(texts),
);

test.each([
  [5, "$5.00"],
  [2.5, "$2.50"],
  [0.003, "$0.003"],
  [1.575, "$1.575"],
  [0.000_000_2, "$0.0000002"],
])("an amount that somebody set is told as it was set: %d", (amount, text) => expect(exactAmount(amount)).toBe(text));
