import { expect, test } from "vitest";
import type { Column } from "#server/notebook/value.ts";
import { columnTracks, columnWidths, tableTsv } from "./table-text.ts";

const columns: readonly Column[] = [
  { name: "n", type: "number", sql: "INTEGER" },
  { name: "text", type: "string", sql: "VARCHAR" },
];

test("copied rows have their names first, and what would break a cell is quoted", () => {
  const text = tableTsv(columns, [
    [1, "plain"],
    [null, 'two\nlines and "quotes"'],
    [0.1 + 0.2, "a\tb"],
  ]);
  expect(text).toBe('n\ttext\n1\tplain\n\t"two\nlines and ""quotes"""\n0.30000000000000004\t"a\tb"');
});

test("a column is as wide as what is in it, within bounds", () => {
  const [small, long] = columnWidths(columns, [[1, "x".repeat(500)]]);
  expect(small).toBeGreaterThanOrEqual(56);
  expect(small).toBeLessThan(100);
  expect(long).toBe(320);
});

test("columns whose texts may not fit take the room that is left, and else an empty one does", () => {
  expect(columnTracks([56, 320, 90])).toBe("56px minmax(320px, 1fr) 90px");
  expect(columnTracks([56, 90])).toBe("56px 90px minmax(0, 1fr)");
});
