import { expect, test } from "vitest";
import { column, computeColumn, nodeOf } from "./__fixtures__/compute-column.ts";
import { openTables } from "./index.ts";
import { temporaryTables } from "./__fixtures__/temporary-tables.ts";

test("sheets that move have their results under their new names, in place of what was there, also after a restart", async () => {
  await using workspace = await temporaryTables();
  const nodes = [nodeOf("answer", [column("text")])];
  const exact = { nodes, node: "answer", exact: true };
  let { tables } = workspace;
  const open = async (sheet: string, text: string) => {
    const table = await tables.fromRows([{ text }]);
    return tables.sheets.openFrame({ sheet, table, key: null, identity: ["text"] });
  };
  const counts = async (sheet: string, text: string) => {
    const { frame } = await open(sheet, text);
    return (await tables.sheets.freshness({ frame, ...exact }))[0]!.counts;
  };
  for (const [sheet, text] of [
    ["a.md#one", "mine"],
    ["a.md#two", "mine"],
    ["b.md#one", "theirs"],
    ["a.mdx#one", "other"],
  ] as const)
    await computeColumn(tables.sheets, sheet, await open(sheet, text), nodes, "answer", () => "kept");
  await tables.sheets.move({ from: "a.md#", to: "b.md#" });
  for (const round of ["at once", "after a restart"]) {
    expect([round, await counts("b.md#one", "mine")]).toEqual([round, { current: 1 }]);
    expect(await counts("b.md#two", "mine")).toEqual({ current: 1 });
    expect(await counts("b.md#one", "theirs")).toEqual({ never: 1 });
    expect(await counts("a.md#one", "mine")).toEqual({ never: 1 });
    expect(await counts("a.mdx#one", "other")).toEqual({ current: 1 });
    await tables.close();
    tables = openTables(workspace.folders);
  }
  await tables.close();
});
