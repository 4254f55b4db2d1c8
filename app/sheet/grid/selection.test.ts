import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cellsIn,
  headerRow,
  isWithin,
  keptWithin,
  movedBy,
  movedRows,
  rangeOf,
  selectionAt,
  stepped,
  type GridSelection,
} from "./selection.ts";

const size = { rows: 100, columns: 5, page: 20 };
const at = (row: number, column: number): GridSelection => selectionAt({ row, column });
const press = (key: string, before: GridSelection, keys: { shift?: boolean; mod?: boolean } = {}): GridSelection =>
  movedBy({ key, shift: false, mod: false, ...keys }, before, size)!.selection;

describe("keys that move", () => {
  test.each([
    ["ArrowDown", {}, 51, 2],
    ["ArrowLeft", {}, 50, 1],
    ["Home", {}, 50, 0],
    ["End", {}, 50, 4],
    ["PageDown", {}, 70, 2],
    ["PageUp", {}, 30, 2],
    ["ArrowDown", { mod: true }, 99, 2],
    ["ArrowUp", { mod: true }, 0, 2],
    ["ArrowRight", { mod: true }, 50, 4],
    ["Home", { mod: true }, 0, 0],
    ["End", { mod: true }, 99, 4],
  ])("%s %j", (key, keys, row, column) => {
    expect(press(key, at(50, 2), keys)).toEqual(at(row, column));
  });

  test("from the first row up is the header, and from there down the first row", () => {
    expect(press("ArrowUp", at(0, 3))).toEqual(at(headerRow, 3));
    expect(press("ArrowDown", at(headerRow, 3))).toEqual(at(0, 3));
  });

  test("a page up never ends in the header", () => {
    expect(press("PageUp", at(3, 0))).toEqual(at(0, 0));
  });

  test("a key that moves nothing is nobody's", () => {
    expect(movedBy({ key: "x", shift: false, mod: false }, at(0, 0), size)).toBeNull();
    expect(movedBy({ key: "ArrowDown", shift: false, mod: false }, at(0, 0), { ...size, columns: 0 })).toBeNull();
  });
});

describe("ranges", () => {
  test("Shift moves the far corner, and the cell that is typed into stays", () => {
    const selection = press("ArrowRight", press("ArrowDown", at(5, 1), { shift: true }), { shift: true });
    expect(rangeOf(selection)).toEqual({ top: 5, bottom: 6, left: 1, right: 2 });
    expect(selection.active).toEqual({ row: 5, column: 1 });
  });

  test("never take in the header", () => {
    expect(rangeOf(press("ArrowUp", at(0, 1), { shift: true })).top).toBe(0);
  });

  test("are all cells, whole rows or whole columns at one key", () => {
    expect(cellsIn(rangeOf(press("a", at(7, 2), { mod: true })))).toBe(500);
    expect(rangeOf(press(" ", at(7, 2), { shift: true }))).toEqual({ top: 7, bottom: 7, left: 0, right: 4 });
    expect(rangeOf(press(" ", at(7, 2), { mod: true }))).toEqual({ top: 0, bottom: 99, left: 2, right: 2 });
  });

  test("of whole rows or columns stay whole as they get longer", () => {
    const row = press(" ", at(7, 2), { shift: true });
    expect(rangeOf(press("ArrowDown", row, { shift: true }))).toEqual({ top: 7, bottom: 8, left: 0, right: 4 });
    const column = press(" ", at(7, 2), { mod: true });
    expect(rangeOf(press("ArrowRight", column, { shift: true }))).toEqual({ top: 0, bottom: 99, left: 2, right: 3 });
  });

  test("a step goes round them", () => {
    let selection = press("ArrowRight", press("ArrowDown", at(5, 1), { shift: true }), { shift: true });
    const seen: string[] = [];
    for (let step = 0; step < 4; step += 1) {
      seen.push(`${selection.active.row}:${selection.active.column}`);
      selection = stepped(selection, "row", 1, size);
    }
    expect(seen).toEqual(["5:1", "6:1", "5:2", "6:2"]);
    expect(selection.active).toEqual({ row: 5, column: 1 });
    expect(stepped(selection, "column", -1, size).active).toEqual({ row: 6, column: 2 });
  });

  test("move with their rows, and stay where there are cells", () => {
    const selection = press("ArrowDown", at(5, 1), { shift: true });
    expect(rangeOf(movedRows(selection, 3, size))).toMatchObject({ top: 8, bottom: 9 });
    expect(rangeOf(movedRows(selection, -6, size))).toMatchObject({ top: 0, bottom: 0 });
    expect(rangeOf(movedRows(selection, 94, size))).toMatchObject({ top: 99, bottom: 99 });
    expect(rangeOf(keptWithin(selection, { ...size, rows: 6 }))).toMatchObject({ top: 5, bottom: 5 });
  });
});

const keys = fc.record({
  key: fc.constantFrom(
    "ArrowUp",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "Home",
    "End",
    "PageUp",
    "PageDown",
    "a",
    " ",
  ),
  shift: fc.boolean(),
  mod: fc.boolean(),
});

test("whatever is pressed, the selection is within the grid and has the active cell in it", () => {
  const sizes = fc.record({
    rows: fc.integer({ min: 1, max: 50 }),
    columns: fc.integer({ min: 1, max: 9 }),
    page: fc.constant(7),
  });
  fc.assert(
    fc.property(sizes, fc.array(keys, { maxLength: 40 }), (grid, pressed) => {
      let selection = at(0, 0);
      for (const key of pressed) {
        selection = movedBy(key, selection, grid)?.selection ?? selection;
        const range = rangeOf(selection);
        expect(range.top).toBeGreaterThanOrEqual(headerRow);
        expect(range.bottom).toBeLessThan(grid.rows);
        expect(range.left).toBeGreaterThanOrEqual(0);
        expect(range.right).toBeLessThan(grid.columns);
        expect(isWithin(range, selection.active)).toBe(true);
        expect(keptWithin(selection, grid)).toEqual(selection);
      }
    }),
  );
});
