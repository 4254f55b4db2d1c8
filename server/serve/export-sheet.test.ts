import { readdir } from "node:fs/promises";
import { Hono } from "hono";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "#server/runner/__fixtures__/test-workspace.ts";
import { openWorkspaceNotebooks, type WorkspaceNotebooks } from "#server/workbench/workspace-notebooks.ts";
import { exportSheetHandler } from "./export-sheet.ts";
import { onlySameMachine } from "./same-machine.ts";

const text = notebookText(
  "",
  fence("data tickets", "---\nkey: id\n---\nid,text\n1,one\n2,two"),
  fence("sheet triage", `---\nrows: tickets\n---\n${fence("template line", "{{ row.text }}!")}`),
);

let workspace: TestWorkspace;
let notebooks: WorkspaceNotebooks;
let path: string;
let app: Hono;
beforeAll(async () => {
  workspace = await testWorkspace();
  notebooks = await openWorkspaceNotebooks({
    runtime: workspace.runtime,
    examples: "public/examples",
    firstSequence: 1,
  });
  path = await notebooks.create("Triage", text);
  app = new Hono();
  app.use(onlySameMachine);
  app.get("/api/export", exportSheetHandler({ notebooks }));
  await (await notebooks.open(path)).session.run({ type: "cells", cells: ["triage"] }).done;
  // What runs by itself when a notebook is opened may still be at some of it.
  for (let tries = 0; !(await (await download({ format: "csv" })).text()).includes("two!"); tries += 1) {
    if (tries > 100) throw new Error("the sheet did not come to rest");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});
afterAll(async () => {
  await notebooks.close();
  await workspace[Symbol.asyncDispose]();
});

const download = async (asked: { readonly [name: string]: string }, host = "localhost:3210"): Promise<Response> =>
  app.request(`/api/export?${new URLSearchParams({ notebook: path, sheet: "triage", ...asked })}`, {
    headers: { host },
  });

test("the rows of a view are a file, and nothing of it stays behind", async () => {
  const view = JSON.stringify({
    filters: [{ type: "is", column: { type: "row", column: "text" }, value: "two" }],
    sort: [],
    search: "",
  });
  const answer = await download({ format: "jsonl", view });
  expect(answer.headers.get("content-disposition")).toBe('attachment; filename="triage.jsonl"');
  expect(JSON.parse(await answer.text())).toEqual({ id: 2, text: "two", line: "two!" });
  const exports = `${workspace.runtime.workspace.cache}/exports`;
  for (let tries = 0; (await readdir(exports)).length > 0; tries += 1) {
    if (tries > 100) throw new Error("the exported file is still there");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

test("without a view it is the whole sheet", async () => {
  const answer = await download({ format: "csv" });
  expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect((await answer.text()).trim().split("\n")).toEqual(["id,text,line", "1,one,one!", "2,two,two!"]);
});

test.each([
  [{ format: "xls" }],
  [{ format: "csv", view: "no JSON" }],
  [{ format: "csv", view: '{"filters":[]}' }],
  [{ format: "csv", sheet: "nowhere" }],
  [{ format: "csv", notebook: "notebooks/nowhere.md" }],
])("what cannot be exported is refused: %j", async (asked) => {
  const answer = await download(asked as never);
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as { error: { message: string } }).error.message).not.toBe("");
});

test("another site gets nothing", async () => {
  expect((await download({ format: "csv" }, "evil.example")).status).toBe(403);
});
