import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { Column, Datum } from "#server/notebook/value.ts";
import { nodeOf } from "./__fixtures__/compute-column.ts";
import { put } from "./__fixtures__/open-sheet.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";
import type { ExportFormat } from "./sheet-views.ts";

let workspace: TemporaryTables;
beforeAll(async () => {
  workspace = await temporaryTables();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const columns: readonly Column[] = [
  { name: "id", type: "number", sql: "HUGEINT" },
  { name: "share", type: "number", sql: "FLOAT" },
  { name: "vector", type: "json", sql: "DOUBLE[]" },
];
const row = { id: 2n ** 100n, share: 0.1, vector: ["NaN", 0.5, "-Infinity", null] };
const answer = { n: 18446744073709551615n };

/** Writes one row with an answer to a file, and gives its path. */
async function written(format: ExportFormat): Promise<string> {
  const { sheets, fromRows } = workspace.tables;
  const table = await fromRows([row as { readonly [name: string]: Datum }], columns);
  const frame = await sheets.openFrame({ sheet: format, table, key: "id", identity: [] });
  const nodes = [nodeOf("answer", [])];
  await put({ sheets, sheet: format, ...frame }, nodes, "answer", () => ({ type: "json", value: answer }));
  const path = join(workspace.folders.datasets, `view.${format}`);
  await sheets.exportView({ frame: frame.frame, nodes, shown: ["answer"], view: wholeSheet, format, path });
  return path;
}

describe("a view in a file", () => {
  test("has a 32-bit number as people wrote it", async () => {
    expect(await readFile(await written("jsonl"), "utf8")).toContain('"share":0.1,');
    expect(await readFile(await written("csv"), "utf8")).toContain(`\n${row.id},0.1,`);
  });

  test("is JSON also where a list has what is no number in it", async () => {
    for (const format of ["json", "jsonl"] as const)
      expect([JSON.parse(await readFile(await written(format), "utf8"))].flat()).toMatchObject([
        { vector: row.vector, "answer.n": Number(answer.n) },
      ]);
    expect(await readFile(await written("csv"), "utf8")).toContain('"[""NaN"",0.5,""-Infinity"",null]"');
  });

  test("has as text what Parquet would not keep exactly", async () => {
    const connection = await (await DuckDBInstance.create()).connect();
    const read = await connection.runAndReadAll(
      `select id, "answer.n" from read_parquet('${await written("parquet")}')`,
    );
    expect(read.getRowsJson()).toEqual([[String(row.id), String(answer.n)]]);
    connection.closeSync();
  });
});
