import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { column, computeColumn, nodeOf, overrideOf } from "./__fixtures__/compute-column.ts";
import { temporaryTables } from "./__fixtures__/temporary-tables.ts";

test("a sheet that is forgotten leaves nothing behind, and its neighbours as they are", async () => {
  await using workspace = await temporaryTables();
  const { tables, folders } = workspace;
  const { sheets } = tables;
  const nodes = [nodeOf("answer", [column("text"), { type: "binding", name: "twice", version: "1" }])];
  const compute = async (sheet: string) => {
    for (const text of ["a", "b"]) {
      const table = await tables.fromRows([{ text }]);
      const frame = await sheets.openFrame({ sheet, table, key: null, identity: ["text"] });
      await sheets.putBinding({ frame: frame.frame, name: "twice", version: "1", from: 0, values: [text + text] });
      await computeColumn(sheets, sheet, frame, nodes, "answer", () => "kept");
      if (text === "b") return frame;
    }
    throw new Error("not reached");
  };
  const kept = await compute("kept");
  const exact = { nodes, node: "answer", exact: true };
  await sheets.freshness({ frame: kept.frame, ...exact });
  for (const round of [1, 2]) {
    const gone = await compute("gone");
    await sheets.setOverrides({ sheet: "gone", node: "answer", overrides: [overrideOf("r", "edited", round)] });
    expect((await sheets.freshness({ frame: gone.frame, ...exact }))[0]!.counts).toEqual({ current: 1 });
    await sheets.forget({ sheet: "gone" });
    await expect(sheets.freshness({ frame: gone.frame, ...exact })).rejects.toMatchObject({ code: "sheet.frame" });
  }
  await sheets.forget({ sheet: "never there" });
  expect((await sheets.freshness({ frame: kept.frame, ...exact }))[0]!.counts).toEqual({ current: 1 });
  await tables.close();

  const instance = await DuckDBInstance.create(join(folders.cache, "tables.duckdb"));
  const connection = await instance.connect();
  const read = async (sql: string) => (await connection.runAndReadAll(sql)).getRows().flat();
  expect(await read("select text from sheet_names where kind = 'sheet'")).toEqual(["kept"]);
  expect(await read("select distinct scope from sheet_names order by scope")).toHaveLength(2);
  const results = await read("select table_name from duckdb_tables() where table_name like 'sheet_results%'");
  expect(results).toHaveLength(1);
  expect(await read("select distinct sheet from sheet_frames")).toEqual(["kept"]);
  connection.closeSync();
  instance.closeSync();
});
