import fc from "fast-check";
import { expect, test } from "vitest";
import { columnWindow, lastAtOrBefore, placeColumns } from "./column-window.ts";
import { offsetShowing, rowOfSlot, rowWindow, slotCount } from "./row-window.ts";

const grids = fc.record({
  offset: fc.integer({ min: 0, max: 5_000_000 }),
  view: fc.integer({ min: 60, max: 2_000 }),
  rowHeight: fc.constantFrom(30, 90),
  rowCount: fc.integer({ min: 0, max: 200_000 }),
});

test("every row that is seen has a slot of its own", () => {
  fc.assert(
    fc.property(grids, ({ offset, view, rowHeight, rowCount }) => {
      const window = rowWindow(offset, view, rowHeight, rowCount);
      const slots = slotCount(view, rowHeight, rowCount);
      const shown = Array.from({ length: slots }, (_, slot) => rowOfSlot(slot, slots, window)).filter(
        (row) => row !== null,
      );
      expect(new Set(shown).size).toBe(shown.length);
      const last = Math.min(rowCount, Math.floor((offset + view - 1) / rowHeight) + 1);
      for (let row = Math.floor(offset / rowHeight); row < last; row += 1) expect(shown).toContain(row);
    }),
  );
});

test("a row that stays in sight keeps its slot", () => {
  const slots = slotCount(600, 30, 10_000);
  const before = rowWindow(3_000, 600, 30, 10_000);
  const after = rowWindow(3_090, 600, 30, 10_000);
  for (let slot = 0; slot < slots; slot += 1) {
    const row = rowOfSlot(slot, slots, before);
    if (row !== null && row >= after.first && row < after.last) expect(rowOfSlot(slot, slots, after)).toBe(row);
  }
});

test("a row is brought into sight by the least movement", () => {
  expect(offsetShowing(10, 300, 600, 30)).toBe(300);
  expect(offsetShowing(2, 300, 600, 30)).toBe(60);
  expect(offsetShowing(40, 300, 600, 30)).toBe(630);
});

test("every column that is seen is in the window", () => {
  const widths = fc.array(fc.integer({ min: 40, max: 600 }), { maxLength: 200 });
  fc.assert(
    fc.property(widths, fc.nat(40_000), fc.integer({ min: 1, max: 2_000 }), (each, from, view) => {
      const places = placeColumns(each);
      const { first, last } = columnWindow(places, from, from + view);
      for (const [index, start] of places.starts.entries())
        if (start < from + view && start + each[index]! > from) {
          expect(index).toBeGreaterThanOrEqual(first);
          expect(index).toBeLessThan(last);
        }
    }),
  );
});

test("the column at a place is the last that begins before it", () => {
  expect(lastAtOrBefore([0, 100, 250], 99)).toBe(0);
  expect(lastAtOrBefore([0, 100, 250], 100)).toBe(1);
  expect(lastAtOrBefore([0, 100, 250], 9_000)).toBe(2);
  expect(lastAtOrBefore([], 5)).toBe(-1);
});
