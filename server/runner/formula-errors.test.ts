import { afterAll, beforeAll, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

test("what is wrong with a formula names nothing but what stands in it", async () => {
  const rows = fence("data d", "id,x\n1,2\n2,3");
  const said = async (formula: string): Promise<string> => {
    const text = notebookText("", rows, fence("sheet s", `---\nrows: d\n---\n${fence("formula f", formula)}`));
    const session = await workspace.open(text, { trusted: true });
    await session.run({ type: "stale" }).done;
    const { cells } = (await session.sheetRows("s", wholeSheet, { from: 0, to: 1 }))!.rows[0]!;
    return cells["f"]![0]!.error!.message;
  };
  const aggregate = "an aggregate gives one value for all rows, and a formula one for each";
  expect(await said("count(*)")).toBe(aggregate);
  expect(await said("x / sum(x)")).toBe(aggregate);
  expect(await said("x, id")).toBe('Referenced column "x" not found in FROM clause!');
});
