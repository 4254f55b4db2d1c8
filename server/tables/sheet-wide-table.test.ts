import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toValue, type Score, type Table, type Value } from "#server/notebook/value.ts";
import { column, nodeOf, reads, resultOf } from "./__fixtures__/compute-column.ts";
import { openSheet, put, type OpenedSheet, type Row } from "./__fixtures__/open-sheet.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";
import type { SheetStore } from "./sheet-store.ts";

let workspace: TemporaryTables;
let sheets: SheetStore;
beforeAll(async () => {
  workspace = await temporaryTables();
  sheets = workspace.tables.sheets;
});
afterAll(() => workspace[Symbol.asyncDispose]());

const open = (rows: readonly Row[], sheet?: string): Promise<OpenedSheet> => openSheet(workspace, rows, sheet);

const names = ({ columns }: Table): readonly string[] => columns.map(({ name }) => name);
const score = (of: Partial<Score>): Value => ({ type: "score", value: { score: null, pass: null, reason: "", ...of } });

describe("the table of a sheet", () => {
  const models = ["small", "big"].map((model) => ({ model }));
  const nodes = [
    nodeOf("topic", [column("text")], { variants: models }),
    { ...nodeOf("correct", [reads("topic", ["model"], models[1]!)]), checks: [] },
  ];
  const columns = [
    { node: "topic", at: models[1]! },
    { node: "correct", at: {} },
  ];

  async function filled(rows: readonly Row[]): Promise<OpenedSheet> {
    const frame = await open(rows);
    await put(frame, nodes, "topic", ({ at, ordinal }) => toValue(`${at["model"]} ${ordinal}`));
    await put(frame, nodes, "correct", ({ ordinal }) => score({ score: ordinal }));
    return frame;
  }

  test("has a record a row: its columns, then each node at its variant; a score as a struct", async () => {
    const frame = await filled([
      { id: 1, text: "a" },
      { id: 2, text: null },
    ]);
    const table = await sheets.wideTable({ frame: frame.frame, nodes, columns });
    expect(names(table)).toEqual(["id", "text", "topic", "correct"]);
    expect(table.rows).toEqual([
      [1, "a", "big 0", { score: 0, pass: null, reason: "" }],
      [2, null, "big 1", { score: 1, pass: null, reason: "" }],
    ]);
    await expect(sheets.wideTable({ frame: frame.frame, nodes, columns: [{ node: "topic", at: {} }] })).rejects.toThrow(
      "topic has no variant",
    );
  });

  test("has nothing of what is stale", async () => {
    const frame = await filled([{ id: 1, text: "a" }]);
    const stale = [nodeOf("topic", [column("text")], { variants: models, key: "another" }), nodes[1]!];
    const table = await sheets.wideTable({ frame: frame.frame, nodes: stale, columns });
    expect(table.rows).toEqual([[1, "a", null, null]]);
  });

  test("has a column of the rows before a node of the same name", async () => {
    const frame = await filled([{ id: 1, text: "a", TOPIC: "row's" }]);
    expect(names(await sheets.wideTable({ frame: frame.frame, nodes, columns }))).toEqual([
      "id",
      "text",
      "TOPIC",
      "topic_topic",
      "correct",
    ]);
  });

  test("has equal bytes for equal content, in whatever order it came to be", async () => {
    const rows = Array.from({ length: 3000 }, (_, id) => ({ id, text: `t${id % 7}` }));
    const frames = [await open(rows, "bytes 1"), await open(rows, "bytes 2")];
    const chunks = [0, 1000, 2000];
    for (const [index, frame] of frames.entries()) {
      for (const node of ["topic", "correct"])
        for (const from of index === 0 ? chunks : chunks.toReversed()) {
          const work = await sheets.work({ frame: frame.frame, nodes, node, from, to: from + 1000 });
          const made = work.map((item) =>
            resultOf(item, `${node} 1`, node === "topic" ? toValue(item.ordinal / 7) : score({ score: 1 })),
          );
          await sheets.put({ sheet: frame.sheet, node, results: index === 0 ? made : made.toReversed() });
        }
    }
    for (const make of [
      (frame: string) => sheets.wideTable({ frame, nodes, columns }),
      (frame: string) => sheets.longTable({ frame, nodes, node: "topic" }),
    ]) {
      const [one, two] = [await make(frames[0]!.frame), await make(frames[1]!.frame)];
      expect(one!.hash).toBe(two!.hash);
      expect(one!.rows).toBeUndefined();
      expect((await readFile(join(workspace.folders.files, `${one!.hash}.parquet`))).subarray(0, 4).toString()).toBe(
        "PAR1",
      );
    }
  });

  test("of no rows is empty, and knows its columns", async () => {
    const table = await workspace.tables.fromRows([], [{ name: "text", type: "string", sql: "VARCHAR" }]);
    const { frame } = await sheets.openFrame({ sheet: "no rows", table, key: null, identity: ["text"] });
    expect(await sheets.wideTable({ frame, nodes, columns })).toMatchObject({ rowCount: 0 });
    expect(names(await sheets.wideTable({ frame, nodes, columns }))).toEqual(["text", "topic", "correct"]);
    expect(await sheets.longTable({ frame, nodes, node: "correct" })).toMatchObject({ rowCount: 0 });
  });
});
