import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Datum } from "#server/notebook/value.ts";
import type { Session } from "./session.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
beforeEach(() => void workspace.sent());
afterAll(() => workspace[Symbol.asyncDispose]());

const front = "inputs:\n  m: { type: string, default: usual }\n  go: { type: boolean, default: false }\n";
const people = fence("data people", "---\nkey: id\n---\nid,text\n1,a\n2,b");
const template = (name: string, source: string, configuration = ""): string =>
  fence(`template ${name}`, configuration === "" ? source : `---\n${configuration}\n---\n${source}`);
const sheet = (bound: string, ...cells: readonly string[]): string =>
  fence("sheet every", [`---\nrows: people\nwith:\n  m: ${bound}\n---`, ...cells].join("\n"));
const told = template("told", "{{ m }}");

async function ran(...cells: readonly string[]): Promise<Session> {
  const session = await workspace.open(notebookText(front, people, ...cells));
  expect(session.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  await session.run({ type: "stale" }).done;
  return session;
}

/** How the results of a column of the sheet came out. */
async function outcomes(session: Session, column = "told"): Promise<object> {
  return (await session.sheetFreshness("every", { exact: true }))!.columns[column]![0]!.outcomes;
}

/** The values of a column of the sheet, row by row. */
function values(session: Session, column = "told"): readonly Datum[] {
  const value = session.shown("every")!.value;
  if (value?.type !== "table") throw new Error("the sheet has no table");
  const place = value.value.columns.findIndex(({ name }) => name === column);
  return value.value.rows!.map((row) => row[place]!);
}

const numbers = fence("sheet base", `---\nrows: people\n---\n${fence("js num", "return Number(row.id)")}`);
const long = fence("sql long", "select i as id from range(300) t(i)");
const varied = fence("prompt ask", "---\nmodel: server/small\nvary: { tone: [warm, cold] }\n---\n{{ vary.tone }}");

describe("what a sheet binds is an expression as any other field's", () => {
  test.each([
    ["a figure of another sheet's column", numbers, "=mean(base.num)", "1.5"],
    ["a row of another sheet's column", numbers, "=base.num[1].num", "2"],
    ["the length of a table that is fetched for it", long, "=long | length", "300"],
    ["a row of it", long, "=long[299].id", "299"],
    ["facts of a result", fence("template one", "1"), "=meta(one).calls", "0"],
    ["one variant", varied, '=ask.at(tone="cold")', "<cold>"],
    ["what is there in place of a skipped value", template("no", "x", "when: =go"), '=no or "none"', "none"],
  ])("%s", async (_, cells, bound, expected) => {
    expect(values(await ran(cells, sheet(bound, told)))).toEqual([expected, expected]);
  });

  test("with the row beside the cell, row by row", async () => {
    const session = await ran(template("word", "w"), sheet("=word ~ row.text", told));
    expect(values(session)).toEqual(["wa", "wb"]);
  });

  test("also where a cell outside is computed for each row with it", async () => {
    const session = await ran(
      template("word", "w"),
      template("outer", "[{{ m }}]"),
      sheet("=word ~ row.text\ncolumns: [outer]"),
    );
    expect(values(session, "outer")).toEqual(["[wa]", "[wb]"]);
    expect(session.shown("outer")!.value).toEqual({ type: "string", value: "[usual]" });
  });
});

describe("what reads an input that is bound to a cell", () => {
  test("takes the cell's axes", async () => {
    const session = await ran(varied, sheet("=ask", told));
    const [warm, cold] = (await session.sheetFreshness("every", { exact: true }))!.columns["told"]!;
    expect([warm!.at, cold!.at]).toEqual([{ tone: "warm" }, { tone: "cold" }]);
    expect([warm!.outcomes, cold!.outcomes]).toEqual([{ ok: 2 }, { ok: 2 }]);
  });

  test("is skipped with the cell, unless it looks whether the input is skipped", async () => {
    const session = await ran(
      template("no", "x", "when: =go"),
      sheet("=no", told, template("looks", "{{ m | default('none') }}"), template("uses", "{{ m is skipped or m }}")),
    );
    expect(await outcomes(session)).toEqual({ skipped: 2 });
    expect([values(session, "looks"), values(session, "uses")]).toEqual([
      ["none", "none"],
      ["true", "true"],
    ]);
    await session.setInput("go", true);
    await session.run({ type: "stale" }).done;
    expect([values(session), values(session, "looks")]).toEqual([
      ["x", "x"],
      ["x", "x"],
    ]);
  });

  test("is blocked by a cell that failed, and so is what reads that", async () => {
    const session = await ran(
      fence("js bad", "throw new Error('no')"),
      sheet("=bad", told, template("after_it", "{{ told }}")),
    );
    expect([await outcomes(session), await outcomes(session, "after_it")]).toEqual([{ blocked: 2 }, { blocked: 2 }]);
  });

  test("goes by the error of a cell that continues with it", async () => {
    const session = await ran(
      fence("js bad", "---\ncontinue_on_error: true\n---\nthrow new Error('no')"),
      sheet("=bad.message", told),
    );
    expect(values(session)).toEqual(["Error: no", "Error: no"]);
  });

  test("waits with a cell that waits: a test of it is open", async () => {
    const session = await ran(
      fence("prompt terms", "---\nmodel: local/gemma-3-270m\ncompletion: true\n---\nHi"),
      sheet("=terms", told),
      fence("test all_told", "count(every.told) == 2"),
    );
    const { value } = session.shown("all_told")!;
    expect(value?.type === "test" && value.value.verdict).toBe("open");
    expect(await outcomes(session)).toEqual({ blocked: 2 });
  });

  test("is stale because of the cell, current again when an edit of it is undone, and as it was where the cell's value is the same", async () => {
    const text = notebookText(front, people, template("word", "w"), sheet("=word ~ row.text", told));
    const session = await workspace.open(text);
    const counts = async (): Promise<object> =>
      (await session.sheetFreshness("every", { exact: true }))!.columns["told"]![0]!.counts;
    await session.run({ type: "stale" }).done;
    expect(await counts()).toEqual({ current: 2 });
    await session.setText(text.replace("\nw\n", "\nother\n"));
    expect(await counts()).toEqual({ "stale-upstream": 2 });
    await session.setText(text);
    expect(await counts()).toEqual({ current: 2 });
    const same = text.replace("\nw\n", "\n{{ 'w' }}\n");
    await session.setText(same);
    await session.run({ type: "cells", cells: ["word"] }).done;
    expect(await counts()).toEqual({ current: 2 });
    await session.setText(same.replace("word ~ row.text", "row.text ~ word"));
    expect(await counts()).toEqual({ "stale-key": 2 });
    await session.run({ type: "stale" }).done;
    expect(values(session)).toEqual(["aw", "bw"]);
  });
});

test("a name that is none is said at its place with the nearest, and what reads the input is not computed", async () => {
  const word = template("word", "w");
  const session = await workspace.open(notebookText(front, people, word, sheet("=wrod", told)));
  expect(session.diagnostics).toMatchObject([
    {
      severity: "error",
      cell: "every",
      message: "there is no input or cell `wrod`",
      position: { line: 25, column: 7 },
    },
  ]);
  expect(session.diagnostics[0]!.cure).toContain("`word`");
  await session.run({ type: "stale" }).done;
  expect(session.shown("every")).toBeUndefined();
});

test("a cell whose configuration is no YAML is not computed: half of it might send what nobody asked for", async () => {
  const half = fence(
    "prompt half",
    "---\nmodel: server/small\nvary: { k: [1, 2] }x\nwhen: =go\n---\nhello {{ vary.k }}",
  );
  const bound = fence("sheet every", "---\nrows: people\nwith: { m: =people[0].id }\n---\n" + told);
  const session = await workspace.open(notebookText(front, people, half, bound));
  expect(session.diagnostics.map(({ severity, code, cell }) => [severity, code, cell])).toEqual([
    ["error", "notebook.yaml", "half"],
    ["error", "notebook.yaml", "every"],
  ]);
  await session.run({ type: "stale" }).done;
  expect(workspace.sent()).toEqual([]);
  expect([session.shown("half"), session.shown("every")]).toEqual([undefined, undefined]);
});
