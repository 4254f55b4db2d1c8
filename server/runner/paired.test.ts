import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const trial = [
  fence("data rows", "old,new\n1,1\n0,1\n0,1\n1,0\n0,1"),
  fence(
    "sheet trial",
    ["---\nrows: rows\n---", fence("js before", "return row.old"), fence("js after", "return row.new")].join("\n"),
  ),
].join("\n");

const difference = "paired(trial.after, trial.before)";

describe("`paired`", () => {
  test("compares two columns row by row, in a template as in a test", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        trial,
        fence("template told", `{% set gain = ${difference} %}\n{{ gain.n }}: {{ gain.mean }}, {{ gain.low < 0 }}`),
        fence("test gate", `${difference}.mean == 0.4`),
      ),
    );
    await session.run({ type: "stale" }).done;
    expect(session.shown("told")?.value).toEqual({ type: "string", value: "5: 0.4, true" });
    expect(session.shown("gate")?.value).toMatchObject({
      value: { verdict: "pass", lines: [{ sides: ["0.4 (n 5 of 5, over 5 rows of trial)", "0.4"] }] },
    });
  });

  test("compares nothing else, on either side", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        trial,
        fence("test gate", "paired(trial.after, 1).mean == 0\npaired([1], trial.after).mean == 0"),
      ),
    );
    await session.run({ type: "stale" }).done;
    const reason = "`paired` compares the results of two columns";
    expect(session.shown("gate")?.value).toMatchObject({ value: { verdict: "fail", lines: [{ reason }, { reason }] } });
  });
});
