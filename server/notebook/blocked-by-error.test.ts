import { expect, test } from "vitest";
import { blockedByError, isFailed } from "./blocked-by-error.ts";

test("an error fails a result, and so does one above that blocks it", () => {
  expect(isFailed({ outcome: "error", error: { code: "template.undefined" } })).toBe(true);
  expect(isFailed({ outcome: "blocked", error: { code: blockedByError } })).toBe(true);
  expect(blockedByError).toBe("cell.blocked-by-error");
});

test("what is blocked by anything else may still come, and has not failed", () => {
  expect(isFailed({ outcome: "blocked", error: { code: "cell.blocked" } })).toBe(false);
  expect(isFailed({ outcome: "blocked", error: null })).toBe(false);
  expect(isFailed({ outcome: "skipped", error: { code: blockedByError } })).toBe(false);
  expect(isFailed({ outcome: "ok", error: null })).toBe(false);
});
