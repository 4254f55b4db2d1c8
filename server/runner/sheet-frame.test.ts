import { afterAll, beforeAll, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import { putOverrides } from "./open-frame.ts";
import { fence, fresh, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

test("which column each input is bound to decides its results, also where several are bound to one", async () => {
  const inputs = ["a", "b", "c"].map((name) => `  ${name}: { type: string, default: "" }\n`).join("");
  const text = (bound: string): string =>
    notebookText(
      `inputs:\n${inputs}`,
      fence("data rows", "---\nkey: id\n---\nid,x,y\n1,left,right"),
      fence("template joined", "{{ a }} {{ b }} {{ c }}"),
      fence("sheet whole", `---\nrows: rows\nwith: { a: =row.x, b: =row.${bound}, c: =row.y }\ncolumns: [joined]\n---`),
    );
  const session = await workspace.open(text("x"));
  const shown = async (): Promise<unknown> => {
    const { rows } = (await session.sheetRows("whole", wholeSheet, { from: 0, to: 1 }))!;
    const { freshness, value } = rows[0]!.cells["joined"]![0]!;
    return [freshness.state, value, fresh(session, "whole").split(":")[0]];
  };
  await session.run({ type: "stale" }).done;
  const before = ["current", { type: "string", value: "left left right" }, "current"];
  expect(await shown()).toEqual(before);
  await session.setText(text("y"));
  expect(await shown()).toEqual(["stale", { type: "string", value: "left left right" }, "stale"]);
  await session.run({ type: "stale" }).done;
  expect(await shown()).toEqual(["current", { type: "string", value: "left right right" }, "current"]);
  await session.setText(text("x"));
  await session.run({ type: "stale" }).done;
  expect(await shown()).toEqual(before);
});

test("a cell that is renamed while its sheet is opened is a sheet that is another meanwhile", async () => {
  const text = (name: string): string =>
    notebookText(
      "",
      fence("data rows", "id\n1"),
      fence("sheet every", `---\nrows: rows\n---\n${fence(`template ${name}`, "x")}`),
    );
  const session = await workspace.open(text("one"));
  await session.run({ type: "stale" }).done;
  const { state } = session;
  const [sheet, frame] = [state.graph.sheets.get("every")!, state.frames.get("every")!];
  await session.setText(text("other"));
  await expect(putOverrides(sheet, frame, { state, tables: workspace.runtime.tables })).rejects.toMatchObject({
    code: "sheet.unknown",
  });
});
