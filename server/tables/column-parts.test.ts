import { afterAll, beforeAll, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { Column, Datum } from "#server/notebook/value.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";

let workspace: TemporaryTables;
beforeAll(async () => {
  workspace = await temporaryTables();
});
afterAll(() => workspace[Symbol.asyncDispose]());

test.each<[sql: string, type: Column["type"], values: readonly Datum[]]>([
  ["DOUBLE", "number", ["NaN", "Infinity", "-Infinity", 0.1, 1e300, 2 ** 60, -5]],
  ["FLOAT", "number", ["NaN", "Infinity", "-Infinity", 0.1, 3]],
  ["DECIMAL(38,10)", "number", ["1234567890123456.5000000000", "-0.1234567890123456", 1.5, 0]],
  ["VARCHAR", "string", ["a\0'b", "a", "a''b", "\\0"]],
  ["BIGINT", "number", [2n ** 60n, 2n ** 60n + 1n, 7]],
  ["HUGEINT", "number", [2n ** 100n, 2n ** 100n + 1n, 7]],
  ["TIMESTAMP WITH TIME ZONE", "time", ["2026-01-31T09:30:00Z", "2026-01-31T09:30:00.25Z"]],
  ["TIMESTAMP_NS", "time", ["2026-01-31T09:30:00.123456789", "2026-01-31T00:00:00"]],
  ["JSON", "json", ["a", 5, 2n ** 60n, true]],
])("rows are found by what the screen shows of a column of type %s", async (sql, type, values) => {
  const { sheets, fromRows } = workspace.tables;
  const rows = values.map((value, id) => ({ id, value }));
  const table = await fromRows(rows, [
    { name: "id", type: "number", sql: "BIGINT" },
    { name: "value", type, sql },
  ]);
  const { frame } = await sheets.openFrame({ sheet: sql, table, key: "id", identity: [] });
  const page = await sheets.page({ frame, from: 0, to: rows.length, columns: ["value"] });
  const column = { type: "row", column: "value" } as const;
  for (const [index, value] of (page.columns[0] as readonly string[]).entries()) {
    const view = { ...wholeSheet, filters: [{ type: "is", column, value }] } as const;
    const call = { frame, nodes: [], shown: [], view, hold: false, fresh: false, order: null };
    expect(await sheets.viewRows({ ...call, from: 0, to: rows.length })).toMatchObject({ rows: [String(index)] });
  }
});
