import { expect, test } from "vitest";
import type { VariantCounts } from "#server/tables/sheet-store.ts";
import { columnTally } from "./column-tally.ts";

function tallyOf(...counted: Partial<VariantCounts>[]) {
  const none = { at: {}, counts: {}, outcomes: {}, settled: {}, failed: 0 };
  return columnTally(
    [{ at: {} }],
    counted.map((some) => ({ ...none, ...some })),
    null,
  );
}

test("each result counts once: done, failed, stale, or still to come", () => {
  const counts = { current: 6, edited: 1, "stale-key": 2, never: 1 };
  expect(tallyOf({ counts, outcomes: { ok: 7, error: 2 }, settled: { error: 2 } })).toMatchObject({
    total: 10,
    done: 5,
    failed: 2,
    stale: 2,
    words: "5 of 10 done, 2 failed, 2 stale",
  });
});

test("an error that is stale counts as stale, and takes nothing from what is done", () => {
  const counts = { current: 10, "stale-key": 10 };
  expect(tallyOf({ counts, outcomes: { ok: 10, error: 10 } }).words).toBe("10 of 20 done, 10 stale");
});
