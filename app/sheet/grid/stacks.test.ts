import { expect, test } from "vitest";
import { movedBy, selectionAt, type GridPlace } from "./selection.ts";
import { columnAt, type Stacks } from "./stacks.ts";

/** A column, three over each other, two of which the first is missing, and a column. */
const stacks: Stacks = [
  [{ column: 0, line: null }],
  [
    { column: 1, line: 0 },
    { column: 2, line: 1 },
    { column: 3, line: 2 },
  ],
  [
    { column: 4, line: 1 },
    { column: 5, line: 2 },
  ],
  [{ column: 6, line: null }],
];
const size = { rows: 3, columns: 7, page: 1, stacks };
function after(place: GridPlace, key: string, { shift = false, mod = false } = {}): readonly number[] {
  const { head } = movedBy({ key, shift, mod }, selectionAt(place), size)!.selection;
  return [head.row, head.column];
}

test("down and up go line by line, and on to the row beside", () => {
  expect(after({ row: 0, column: 1 }, "ArrowDown")).toEqual([0, 2]);
  expect(after({ row: 0, column: 3 }, "ArrowDown")).toEqual([1, 1]);
  expect(after({ row: 1, column: 1 }, "ArrowUp")).toEqual([0, 3]);
  expect(after({ row: 1, column: 0 }, "ArrowDown")).toEqual([2, 0]);
});

test("at the last line of the last row they stay, and from the first line of the first row the head is next", () => {
  expect(after({ row: 2, column: 3 }, "ArrowDown")).toEqual([2, 3]);
  expect(after({ row: 0, column: 1 }, "ArrowUp")).toEqual([-1, 1]);
  expect(after({ row: -1, column: 1 }, "ArrowDown")).toEqual([0, 1]);
  expect(after({ row: -1, column: 2 }, "ArrowUp")).toEqual([-1, 1]);
});

test("right and left go to what stands level, or nearest to it", () => {
  expect(after({ row: 0, column: 3 }, "ArrowRight")).toEqual([0, 5]);
  expect(after({ row: 0, column: 1 }, "ArrowRight")).toEqual([0, 4]);
  expect(after({ row: 0, column: 4 }, "ArrowLeft")).toEqual([0, 2]);
  expect(after({ row: 0, column: 0 }, "ArrowLeft")).toEqual([0, 0]);
  expect(after({ row: 0, column: 5 }, "ArrowRight")).toEqual([0, 6]);
});

test("with Shift a range grows by rows and by columns, whatever stands over what", () => {
  expect(after({ row: 0, column: 1 }, "ArrowDown", { shift: true })).toEqual([1, 1]);
  expect(after({ row: 0, column: 1 }, "ArrowRight", { shift: true })).toEqual([0, 2]);
  expect(after({ row: 0, column: 2 }, "ArrowDown", { mod: true })).toEqual([2, 2]);
});

test("a place within a row is the column of its line", () => {
  expect(columnAt(stacks[1]!, 2)).toBe(3);
  expect(columnAt(stacks[2]!, 0)).toBe(4);
  expect(columnAt(stacks[0]!, 2)).toBe(0);
});
