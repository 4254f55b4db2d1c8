import { afterAll, beforeAll, expect, test } from "vitest";
import type { Datum } from "#server/notebook/value.ts";
import type { Session } from "./session.ts";
import { fence, fresh, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const notebook = notebookText(
  "inputs:\n  message: { type: string, default: Hi }\n  tickets: { type: table, default: [{ text: one }] }\n",
  fence("prompt topic", "---\nmodel: server/small\n---\n{{ message }}"),
  fence(
    "sheet triage",
    [
      "---\nrows: tickets\nwith: { message: =row.text }\ncolumns: [topic]\n---",
      fence("template long", "{{ row.text | length }}"),
    ].join("\n"),
  ),
  fence("sql counted", "select count(*) as n, min(topic) as first from triage"),
  fence("sql given", "select text from tickets order by text"),
);

/** The rows of a cell's table. */
async function rows(session: Session, cell: string): Promise<readonly (readonly Datum[])[]> {
  const value = session.shown(cell)?.value;
  if (value?.type !== "table") throw new Error(`${cell} has no table`);
  return workspace.runtime.tables.rows(value.value, 0, 1000);
}

test("the rows of a sheet may be an input's: the caller's rows are computed, and those they had before from the journal", async () => {
  const session = await workspace.open(notebook);
  expect(session.diagnostics).toEqual([]);
  await session.run({ type: "stale" }).done;
  expect(await rows(session, "triage")).toEqual([["one", "<one>", "3"]]);
  expect(await rows(session, "counted")).toEqual([[1, "<one>"]]);
  workspace.sent();

  await session.setInput("tickets", [{ text: "three" }, { text: "one" }]);
  expect(fresh(session, "triage")).toMatch(/^stale: tickets/);
  await session.run({ type: "stale" }).done;
  expect(await rows(session, "triage")).toEqual([
    ["three", "<three>", "5"],
    ["one", "<one>", "3"],
  ]);
  expect(await rows(session, "given")).toEqual([["one"], ["three"]]);
  expect(workspace.sent()).toEqual(["three"]);
  expect(await session.sheetFreshness("triage", { exact: true })).toMatchObject({ rowCount: 2 });
});

test("rows that nobody gives are the sheet's error, with what to do", async () => {
  const session = await workspace.open(notebook.replace(", default: [{ text: one }]", ""));
  expect(session.diagnostics).toMatchObject([{ code: "input.missing", severity: "warning" }]);
  await session.run({ type: "outputs", cells: ["triage"] }).done;
  expect(session.shown("triage")).toMatchObject({
    outcome: "error",
    error: { code: "sheet.no-rows", message: "`triage` has no rows, because `tickets` has no value" },
  });
});

test("of outputs only the chosen variants are sent, and what they do not need is not computed", async () => {
  const session = await workspace.open(
    notebookText(
      "choose: { model: server/big }\n",
      fence("prompt topic", "---\nmodels: [server/small, server/big]\n---\nchosen"),
      fence("template answer", "{{ topic }}!"),
      fence("prompt beside", "---\nmodel: server/small\n---\nbeside"),
    ),
  );
  workspace.sent();
  const { money } = await session.run({ type: "outputs", cells: ["answer"] }).done;
  expect(workspace.sent()).toEqual(["chosen"]);
  expect(money).toMatchObject({ made: 1 });
  expect(session.shown("answer")?.value).toEqual({ type: "string", value: "<chosen>!" });
  expect([...session.state.results.keys()]).toEqual(["topic{model=server/big}", "answer{model=server/big}"]);
});
