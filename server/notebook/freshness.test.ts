import { expect, test } from "vitest";
import { changedParts, freshnessOf, isSettled } from "./freshness.ts";

const parts = { kind: "template@1", source: "a", message: "x" };
const now = { key: "1", parts };
const stored = { key: "1", parts: JSON.stringify(parts) };

test("a person's value stands before everything", () => {
  expect(freshnessOf(null, null, ["message"], "locked")).toEqual({ state: "locked" });
  expect(freshnessOf(stored, now, [], "edited")).toEqual({ state: "edited" });
});

test("a result that was never computed says so, whatever it waits for", () => {
  expect(freshnessOf(null, null, ["message"], null)).toEqual({ state: "never" });
  expect(freshnessOf(null, now, [], null)).toEqual({ state: "never" });
});

test("a result is stale because of what it reads that is not settled, by name", () => {
  expect(freshnessOf(stored, null, ["message", "topic"], null)).toEqual({
    state: "stale",
    reasons: ["message", "topic"],
  });
});

test("an equal key is current, whatever was run in between", () => {
  expect(freshnessOf(stored, { key: "1", parts: {} }, [], null)).toEqual({ state: "current" });
});

test("another key is stale because of the parts that differ: those of now in their order, then those that are gone", () => {
  const parts = { vary: "2", kind: "template@1", source: "b" };
  expect(freshnessOf(stored, { key: "2", parts }, [], null)).toEqual({
    state: "stale",
    reasons: ["vary", "source", "message"],
  });
  expect(changedParts(parts, parts)).toEqual([]);
});

test("readers may use what is current, locked or edited", () => {
  expect(
    (
      [
        { state: "current" },
        { state: "locked" },
        { state: "edited" },
        { state: "never" },
        { state: "stale", reasons: [] },
      ] as const
    ).map(isSettled),
  ).toEqual([true, true, true, false, false]);
});
