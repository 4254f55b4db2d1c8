import { afterAll, beforeAll, expect, test } from "vitest";
import { openSheet, type Row } from "./__fixtures__/open-sheet.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";

let opened: TemporaryTables;
beforeAll(async () => void (opened = await temporaryTables()));
afterAll(() => opened[Symbol.asyncDispose]());

async function changesBetween(before: readonly Row[], after: readonly Row[]) {
  const first = await openSheet(opened, before);
  const second = await openSheet(opened, after);
  return first.sheets.frameChanges({ before: first.frame, after: second.frame });
}

test("rows are told apart by their keys: so many are new, changed and gone", async () => {
  const rows = Array.from({ length: 20 }, (_, id) => ({ id, text: `row ${id}`, level: id % 3 }));
  const after = [
    ...rows.slice(4).map((row) => (row.id < 10 ? { ...row, text: null } : row)),
    ...[30, 31, 32].map((id) => ({ id, text: "new", level: 0 })),
  ];
  expect(await changesBetween(rows, after)).toEqual({ added: 3, changed: 6, gone: 4 });
});

test("another order, another type of the same values and a column that is new change no row", async () => {
  const before = [
    { id: 1, level: 1 },
    { id: 2, level: 2 },
  ];
  const after = [
    { id: 2, level: "2", more: "x" },
    { id: 1, level: "1", more: "y" },
  ];
  expect(await changesBetween(before, after)).toEqual({ added: 0, changed: 0, gone: 0 });
});
