import { describe, expect, test } from "vitest";
import { fuse } from "./fusion.ts";

const ranking = (...rows: number[]) => rows.map((row) => ({ row, score: 0 }));

describe("reciprocal rank fusion", () => {
  test("adds 1 / (60 + rank) over the rankings", () => {
    expect(fuse([ranking(7, 3), ranking(3)], 10)).toEqual([
      { row: 3, score: 1 / 62 + 1 / 61 },
      { row: 7, score: 1 / 61 },
    ]);
  });

  test("orders equal scores by row and gives at most k", () => {
    expect(fuse([ranking(9), ranking(2)], 10).map(({ row }) => row)).toEqual([2, 9]);
    expect(fuse([ranking(1, 2, 3)], 2)).toHaveLength(2);
    expect(fuse([[], []], 2)).toEqual([]);
  });
});
