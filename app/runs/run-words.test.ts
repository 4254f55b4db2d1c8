import { describe, expect, test } from "vitest";
import type { Scope } from "#server/notebook/plan.ts";
import { outcomeWord, resultWord, scopeText } from "./run-words.ts";

describe("a run in words", () => {
  test.each<[Scope, string]>([
    [{ type: "stale" }, "All that was stale"],
    [{ type: "all" }, "Everything"],
    [{ type: "cells", cells: ["topic", "vote"] }, "topic, vote"],
    [{ type: "only", cell: "topic" }, "topic alone"],
    [{ type: "downstream", cell: "topic" }, "topic and what reads it"],
    [{ type: "address", address: { cell: "topic", at: {} } }, "topic again"],
    [
      { type: "address", address: { cell: "topic", at: { model: "small", row: "7" } } },
      "topic again at model small, row 7",
    ],
  ])("says what was asked: %j", (scope, text) => expect(scopeText(scope as never)).toBe(text));

  test("no two outcomes read alike", () => {
    const end = { endedAt: 0, cost: 0, unpriced: 0, callsMade: 0, callsCached: 0, input: 0, output: 0, estimate: null };
    const ends = (["done", "cancelled", "budget", "failed", "waiting"] as const).map((outcome) => ({
      ...end,
      outcome,
    }));
    const runs = [
      ...[null, ...ends].map((each) => outcomeWord({ end: each, interrupted: false }).word),
      outcomeWord({ end: null, interrupted: true }).word,
      outcomeWord({ end: ends[0]!, interrupted: false, failed: 1_204 }).word,
    ];
    expect(new Set(runs).size).toBe(runs.length);
    expect(runs.at(-1)).toBe("done, 1,204 failed");
    const results = (["ok", "error", "skipped", "blocked", "cancelled", "partial"] as const).map(
      (one) => resultWord(one).word,
    );
    expect(new Set(results).size).toBe(results.length);
  });
});
