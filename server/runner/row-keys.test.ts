import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CellError } from "#server/notebook/value.ts";
import { datasetPath, fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

/** The error of a data cell after a run, with what it says of its place: `LINE MESSAGE / CURE`. */
async function errorOf(configuration: string, ...rows: readonly string[]): Promise<string> {
  const { code, message, cure, position } = (await run(configuration, rows))!;
  return `${position!.line} ${code}: ${message} / ${cure}`;
}

/** The same in the cell `rows`, whose fence is line 5, configuration line 7 and rows from line 9 on. */
async function run(configuration: string, rows: readonly string[]): Promise<CellError | null> {
  const cell = fence("data rows", ["---", configuration, "---", ...rows].join("\n"));
  const session = await workspace.open(notebookText("", cell));
  await session.run({ type: "stale" }).done;
  return session.state.results.get("rows")!.error;
}

async function file(name: string, text: string): Promise<string> {
  const path = datasetPath(workspace, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return name;
}

const choose =
  "Choose a column that differs in every row, or take the key away so that rows are told apart by their content.";
const give = "Give every row a key, or take the key away so that rows are told apart by their content.";

describe("a data cell with a key", () => {
  test("of which two rows have the same is an error with its value, the rows' numbers and the line of the second", async () => {
    expect(await errorOf("key: id", "id,text", "7,a", "", '8,"b', 'c"', "7,d")).toBe(
      `14 data.duplicate-key: line 6: the key column id does not tell rows apart: "7" is in rows 1 and 3 / ${choose}`,
    );
  });

  test.each([
    ["CSV", "csv", ["id;n", "x;1", "y;2", "x;3"], 12],
    ["CSV with a blank line", "csv", ["id,n", "x,1", "", "y,2", "x,3"], 13],
    ["JSON", "json", ['[{ "id": "x" }, { "id": "y" },', "", '\t{ "id": "x" }]'], 11],
    ["JSONL", "jsonl", ['{ "id": "x" }', "", '{ "id": "y" }', '{ "id": "x" }'], 12],
    ["YAML", "yaml", ["- id: x", "  more:", "    - 1", "- id: y", "- id: x"], 13],
  ] as const)("tells the line in %s", async (_, format, rows, line) => {
    const cell = fence("data rows", ["---", `{ key: id, format: ${format} }`, "---", ...rows].join("\n"));
    const session = await workspace.open(notebookText("", cell));
    await session.run({ type: "stale" }).done;
    expect(session.state.results.get("rows")!.error).toMatchObject({
      message: expect.stringContaining('"x" is in rows 1 and 3') as string,
      position: { line },
    });
  });

  test("takes 5 and 5.0 for one value, as a sheet does", async () => {
    expect(await errorOf("key: id", "id", "5", "5.0")).toContain('"5" is in rows 1 and 2');
  });

  test("of which many rows have the same names three values, and says how many more there are", async () => {
    const rows = ["a", "b", "b", "c", "b", "c", "d", "d", "e", "e", "f", "f"];
    expect(await errorOf("key: id", "id", ...rows)).toContain(
      '"b" is in 3 rows, from 2 to 5, "c" is in rows 4 and 6, "d" is in rows 7 and 8, and 2 more values are in several /',
    );
  });

  test("which a row lacks is an error with the row's number and its line", async () => {
    expect(await errorOf("key: id", "id,text", "1,a", ",b")).toBe(
      `11 data.empty-key: line 3: the key column id is empty in row 2 / ${give}`,
    );
    expect(await errorOf("key: id", '{ "id": 1 }', '{ "text": "a" }', '{ "id": null }')).toContain(
      "the key column id is empty in 2 rows, first in row 2 /",
    );
  });

  test("that is no column is an error at the key, with the nearest name or all there are", async () => {
    expect(await errorOf("key: ids", "id,text", "1,a")).toBe(
      "7 data.no-key: there is no column ids to tell rows apart by / Did you mean `id`?",
    );
    expect(await errorOf("key: customer", "id,text", "1,a")).toContain("/ The columns are id, text.");
  });

  test("is checked in a file too, at the key, and again when the file has changed", async () => {
    const name = await file("people.csv", "id,text\n1,a\n2,b\n1,c\n");
    const cell = fence("data rows", `---\nfile: ${name}\nkey: id\n---`);
    const session = await workspace.open(notebookText("", cell));
    await session.run({ type: "stale" }).done;
    expect(session.state.results.get("rows")).toMatchObject({
      outcome: "error",
      error: {
        code: "data.duplicate-key",
        message: 'people.csv: the key column id does not tell rows apart: "1" is in rows 1 and 3',
        position: { line: 8 },
      },
    });
    await file("people.csv", "id,text\n1,a\n2,b\n3,c\n");
    await session.setText(session.state.notebook.text);
    await session.run({ type: "stale" }).done;
    expect(session.state.results.get("rows")).toMatchObject({ outcome: "ok" });
  });

  test("is not read while it is wrong, and without the key the same rows are fine", async () => {
    const cells = [
      fence("data rows", "---\nkey: id\n---\nid\n1\n1"),
      fence("sql whole", "from rows"),
      fence("sheet every", ["---\nrows: rows\n---", fence("formula twice", "id * 2")].join("\n")),
    ];
    const session = await workspace.open(notebookText("", ...cells));
    await session.run({ type: "stale" }).done;
    const outcomes = (): readonly unknown[] =>
      ["rows", "whole", "every"].map((cell) => session.state.results.get(cell)!.outcome);
    expect(outcomes()).toEqual(["error", "blocked", "blocked"]);
    await session.setText(notebookText("", ...cells).replace("---\nkey: id\n---\n", ""));
    await session.run({ type: "stale" }).done;
    expect(outcomes()).toEqual(["ok", "ok", "ok"]);
  });
});

test("two rows with one key are found among a million", async () => {
  const rows = Array.from({ length: 1_000_000 }, (_, index) => `key${index},${index % 10}`);
  await file("many.csv", ["id,text", ...rows, "key999,1"].join("\n"));
  const { tables } = workspace.runtime;
  const table = await tables.importFile("many.csv");
  expect(table.rowCount).toBe(1_000_001);
  await expect(tables.importFile("many.csv", { key: "id" })).rejects.toMatchObject({
    message: 'many.csv: the key column id does not tell rows apart: "key999" is in rows 1000 and 1000001',
  });
}, 60_000);
