import { expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { CellColumn } from "./columns.ts";
import { choiceText, isToBeFound, runChoices, type RunChoice } from "./run-choices.ts";

const column = { cell: "topic", at: {}, places: [0] } as unknown as CellColumn;
const repeated = { ...column, places: [0, 1, 2] };
const filtered = { ...wholeSheet, search: "card" };
const choice = (id: RunChoice["id"], total: number, view = wholeSheet, of = column): RunChoice => {
  const counts = { never: 1, "stale-key": total - 1 };
  const variant = { at: {}, counts, outcomes: {}, settled: {}, failed: 0 };
  return runChoices(of, [variant], view, { total, selected: null }).find((each) => each.id === id)!;
};

test("a choice says at once how many results it goes over", () => {
  expect(choiceText(choice("all", 50_000), column, null)).toBe("50,000");
  expect(choiceText(choice("all", 400, filtered, repeated), repeated, null)).toBe("1,200");
  expect(choiceText(choice("stale", 400), column, null)).toBe("399");
  expect(choiceText(choice("stale", 400), column, { total: 399, run: 399 })).toBe("399");
});

test("of more rows than one run goes over it says that the first are run", () => {
  for (const each of [choice("all", 50_000, filtered), choice("stale", 50_000), choice("stale", 50_000, filtered)]) {
    expect(isToBeFound(each)).toBe(true);
    expect(choiceText(each, column, null)).toBe("…");
    expect(choiceText(each, column, { total: 49_999, run: 10_000 })).toBe("first 10,000 rows");
  }
  expect(isToBeFound(choice("all", 50_000))).toBe(false);
});

test("of results that a filter leaves it counts rows, which are several results each where the cell repeats", () => {
  const found = { total: 12, run: 12 };
  expect(choiceText(choice("failed", 400, filtered), column, null)).toBe("…");
  expect(choiceText(choice("failed", 400, filtered), column, found)).toBe("12");
  expect(choiceText(choice("failed", 400, filtered, repeated), repeated, found)).toBe("12 rows");
});
