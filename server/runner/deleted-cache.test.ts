import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fence, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const rows = 300;
const text = (question: string): string =>
  notebookText(
    "",
    fence("data asked", `q\n${Array.from({ length: rows }, (_, row) => `row ${row}`).join("\n")}`),
    fence(
      "sheet each",
      `---\nrows: asked\n---\n${fence("prompt ask", `---\nmodel: server/small\n---\n${question}: {{ row.q }}`)}\n${fence("template long", "{{ ask | upper }}")}`,
    ),
    fence("sql counted", "select count(ask) as n, count(distinct long) as different from each"),
  );

describe("the cache may be deleted while a run goes on", () => {
  test.each([20, 150, 299])(
    "after %d of 300 calls: all of it is there at the end, and each call is made once",
    async (after) => {
      let deleted: Promise<void> | undefined;
      let answered = 0;
      workspace.script = (prompt) => {
        answered += 1;
        if (answered === after)
          deleted = rm(workspace.runtime.workspace.cache, { recursive: true, force: true, maxRetries: 10 });
        return { text: `<${prompt}>`, delay: answered > after ? 5 : 0 };
      };
      const session = await workspace.open(text(`asked after ${after}`));
      workspace.sent();
      const { outcome, money } = await session.run({ type: "stale" }, {}).done;
      await deleted;
      expect([outcome, money.made, answered, workspace.sent().length]).toEqual(["done", rows, rows, rows]);
      expect(shown(session, "counted")).toMatchObject({ rows: [[rows, rows]] });
    },
  );
});
