import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wholeSheet, type SheetView } from "#server/notebook/sheet-view.ts";
import type { Session } from "./session.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
let session: Session;
beforeAll(async () => {
  workspace = await testWorkspace();
  session = await workspace.open(
    notebookText(
      "",
      fence("data rows", '---\nkey: id\n---\nid,text,day\n1,"a, ""b""",2026-01-31\n2,,2026-02-01\n3,c,'),
      fence(
        "sheet whole",
        [
          "---\nrows: rows\n---",
          fence("js info", "---\nvary: { tone: [plain, loud] }\n---\nreturn { n: row.id, list: [vary.tone, 1] };"),
          fence(
            "score right",
            '---\noutput: =row.text\nlanguage: js\n---\nreturn { score: output === "c" ? 1 : 0.5, reason: "is c?" };',
          ),
        ].join("\n"),
      ),
    ),
  );
  await session.run({ type: "stale" }).done;
});
afterAll(() => workspace[Symbol.asyncDispose]());

const view: SheetView = {
  ...wholeSheet,
  filters: [{ type: "is-not", column: { type: "row", column: "id" }, value: 2 }],
  sort: [{ column: { type: "row", column: "id" }, descending: true }],
};

describe("a view in a file", () => {
  test("is CSV with a column for each variant and field, in the view's order", async () => {
    const { path, rows } = (await session.exportSheet("whole", view, "csv"))!;
    expect(rows).toBe(2);
    expect(path.startsWith(join(workspace.runtime.workspace.cache, "exports", `${process.pid}-`))).toBe(true);
    expect((await readFile(path, "utf8")).split("\n")).toEqual([
      "id,text,day,info.list [plain],info.n [plain],info.list [loud],info.n [loud],right.score,right.pass,right.reason",
      '3,c,,"[""plain"",1]",3,"[""loud"",1]",3,1.0,true,is c?',
      '1,"a, ""b""",2026-01-31,"[""plain"",1]",1,"[""loud"",1]",1,0.5,true,is c?',
      "",
    ]);
  });

  test("is JSON, JSON lines or Parquet with the types the values have", async () => {
    const json = JSON.parse(
      await readFile((await session.exportSheet("whole", view, "json"))!.path, "utf8"),
    ) as unknown[];
    expect(json).toHaveLength(2);
    expect(json[0]).toMatchObject({ id: 3, day: null, "info.list [loud]": ["loud", 1], "right.pass": true });
    const lines = (await readFile((await session.exportSheet("whole", view, "jsonl"))!.path, "utf8"))
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(json);
    const { path } = (await session.exportSheet("whole", view, "parquet"))!;
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const read = await connection.runAndReadAll(`select id, day, "info.n [plain]", "right.score" from '${path}'`);
    expect(read.getRowsJson()).toEqual([
      ["3", null, "3", 1],
      ["1", "2026-01-31", "1", 0.5],
    ]);
    connection.closeSync();
  });

  test("has nothing of what is stale, and is not there before the rows are", async () => {
    const { text } = session.state.notebook;
    await session.setText(text.replace("n: row.id,", "n: row.id + 1,"));
    const { path } = (await session.exportSheet("whole", view, "csv"))!;
    expect((await readFile(path, "utf8")).split("\n")[1]).toBe("3,c,,,,1.0,true,is c?");
    await session.setText(text);
    const other = await workspace.open(text);
    expect(await other.exportSheet("whole", wholeSheet, "csv")).toBeNull();
  });
});
