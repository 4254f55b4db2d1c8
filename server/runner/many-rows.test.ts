import { performance } from "node:perf_hooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => void (workspace = await testWorkspace()));
afterEach(() => workspace[Symbol.asyncDispose]());

const sheetOf = (rows: number, ...cells: string[]): string =>
  notebookText(
    "",
    fence("sql numbers", `select range as n from range(${rows})`),
    fence("sheet many", ["---\nrows: numbers\n---", ...cells].join("\n")),
  );

test("of the rows of a sheet no more wait for models at once than those of two chunks, however many there are", async () => {
  const { caller } = workspace.runtime;
  const { chat } = caller;
  let [out, most, asked] = [0, 0, 0];
  caller.chat = async (...call) => {
    [out, asked] = [out + 1, asked + 1];
    most = Math.max(most, out);
    try {
      return await chat(...call);
    } finally {
      out -= 1;
    }
  };
  const session = await workspace.open(
    sheetOf(2_000, fence("prompt echoed", "---\nmodel: echo/text\n---\n{{ row.n }}")),
  );
  const report = await session.run({ type: "stale" }, { confirm: async () => true }).done;
  expect([report.outcome, report.money.made, asked]).toEqual(["done", 2_000, 2_000]);
  expect(most).toBeGreaterThan(64);
  expect(most).toBeLessThanOrEqual(512);
});

test("keys of a sheet's rows are worked out beside the server's event loop, which stays free meanwhile", async () => {
  const rows = 20_000;
  const notebook = (plus: number): string => sheetOf(rows, fence("formula more", `n + ${plus}`));
  const session = await workspace.open(notebook(1));
  await session.run({ type: "stale" }).done;
  await session.setText(notebook(2));
  const [before, started] = [performance.eventLoopUtilization(), performance.now()];
  const fresh = await session.sheetFreshness("many", { exact: true });
  const { active } = performance.eventLoopUtilization(before);
  const took = performance.now() - started;
  expect(fresh!.columns["more"]![0]!.counts).toEqual({ "stale-key": rows });
  expect(active).toBeLessThan(took / 2);
});
