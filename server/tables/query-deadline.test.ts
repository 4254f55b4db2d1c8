import { expect, test } from "vitest";
import { queryDeadline } from "./query-deadline.ts";

test.each([
  [undefined, 300_000],
  ["90", 90_000],
  ["0", 300_000],
  ["5m", 300_000],
])("a query has five minutes, or the seconds of a setting that is a whole number: %j", (setting, milliseconds) => {
  expect(queryDeadline(setting)).toBe(milliseconds);
});
