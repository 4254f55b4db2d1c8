import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const rows = (count: number): string =>
  fence("data rows", ["---\nkey: id\n---\nid", ...Array.from({ length: count }, (_, index) => index + 1)].join("\n"));
const sheet = (...cells: readonly string[]): string =>
  fence("sheet all", ["---\nrows: rows\n---", ...cells].join("\n"));

describe("a column that breaks", () => {
  test("sends nothing once its run has ended, and the next run does the rest", async () => {
    const asked = fence("prompt asked", "---\nmodel: server/small\n---\nBreaks {{ row.id }}");
    const session = await workspace.open(notebookText("", rows(1_100), sheet(asked)));
    const put = vi.spyOn(workspace.runtime.tables.sheets, "put").mockRejectedValueOnce(new Error("disk full"));
    await session.run({ type: "stale" }).done;
    put.mockRestore();
    const sent = workspace.sent().length;
    await setTimeout(300);
    expect([sent <= 512, workspace.sent()]).toEqual([true, []]);
    await session.run({ type: "stale" }).done;
    const { columns } = (await session.sheetFreshness("all", { exact: true }))!;
    expect(columns["asked"]).toMatchObject([{ counts: { current: 1_100 }, outcomes: { ok: 1_100 } }]);
  });
});
