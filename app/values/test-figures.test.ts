import { expect, test } from "vitest";
import { testFigures } from "./test-figures.ts";

test.each([
  ["mean(a) >= 0.9", ["0.83", "0.9"], ["0.83"]],
  ["count(a) == 10", ["1", "10"], ["1"]],
  ["mean(a) >= 0.9", ["0", "0.9"], ["0"]],
  ["a == b", ["card", "card_arrival"], ["card", "card_arrival"]],
  ['topic == "card_arrival"', ["card", "card_arrival"], ["card"]],
  ["mean(a) > -5", ["5", "-5"], ["5"]],
  ["1 == 1", ["1", "1"], []],
  ["true", ["true"], ["true"]],
])("figures of a test are those that its line does not say itself: %s", (source, sides, figures) => {
  expect(testFigures({ source, sides })).toEqual(figures);
});
