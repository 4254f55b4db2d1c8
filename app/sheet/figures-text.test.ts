import { expect, test } from "vitest";
import { figure } from "./figures-text.ts";

test.each([
  [49_995_000, "49,995,000"],
  [1 / 3, "0.333333"],
  [1_234_567.89, "1234567.89"],
  [300_001.65000000002, "300001.65"],
])("%s is %s: nothing before the point is rounded, and two digits after it stay", (value, text) => {
  expect(figure(value)).toBe(text);
});
