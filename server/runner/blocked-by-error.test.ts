import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestLine } from "#server/notebook/value.ts";
import type { Session } from "./session.ts";
import { fence, fresh, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const tickets = (...rows: readonly string[]): string =>
  fence("data tickets", ["---\nkey: id\n---\nid,text", ...rows].join("\n"));

function line(session: Session, index = 0): TestLine {
  const value = session.shown("gate")?.value;
  if (value?.type !== "test") throw new Error("the test has no verdict");
  return value.value.lines[index]!;
}

describe("what only errors block is settled, and an error of the aggregate", () => {
  const broken = fence("js broken", "throw new Error('no luck')");
  const template = (name: string, source: string): string => fence(`template ${name}`, source);
  const gate = (...lines: readonly string[]): string => fence("test gate", lines.join("\n"));

  test("in a sheet at any distance, from its own columns and from cells outside", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        tickets("1,good", "2,bad", "3,good"),
        broken,
        template("mail", "{{ broken }}"),
        fence(
          "sheet triage",
          [
            "---\nrows: tickets\n---",
            fence("js odd", "if (row.id === 2) throw new Error('even'); return row.id"),
            template("near", "{{ odd }}"),
            fence("js far", "return Number(near)"),
            fence("js outer", "return broken + row.id"),
            fence("js farther", "return mail + row.id"),
          ].join("\n"),
        ),
        gate(
          "mean(triage.far) == 2",
          "count(triage.outer) == 0",
          "count(triage.farther) == 0",
          "triage.far | length == 3",
          'triage.far | selectattr("meta.outcome", "eq", "blocked") | list | length == 1',
        ),
        fence("sql far_rows", "select count(far) as n from triage.far"),
      ),
      { path: "blocked.md" },
    );
    await session.run({ type: "stale" }).done;
    const shown = (): unknown =>
      [0, 1, 2, 3, 4].map((index) => [line(session, index).verdict, line(session, index).sides[0]]);
    const verdicts = [
      ["pass", "2 (n 2 of 3, 1 error, over 3 rows of triage)"],
      ["pass", "0 (n 0 of 3, 3 errors, over 3 rows of triage)"],
      ["pass", "0 (n 0 of 3, 3 errors, over 3 rows of triage)"],
      ["pass", "3 (n 2 of 3, 1 error, over 3 rows of triage)"],
      ["pass", "1 (n 2 of 3, 1 error, over 3 rows of triage)"],
    ];
    expect(shown()).toEqual(verdicts);
    // They are blocked all the same, and what reads them is current.
    const { columns } = (await session.sheetFreshness("triage", { exact: true }))!;
    expect(columns["far"]).toMatchObject([{ counts: { current: 3 }, outcomes: { ok: 2, blocked: 1 }, failed: 1 }]);
    expect(["gate", "far_rows", "triage"].map((cell) => fresh(session, cell))).toEqual([
      "current",
      "current",
      "current",
    ]);

    await workspace.restart();
    const again = await workspace.open(session.state.notebook.text, { path: "blocked.md" });
    await again.refresh();
    expect(fresh(again, "gate")).toBe("current");
  });

  test("outside sheets too", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        fence("js size", "---\nvary: { n: [1, 2, 3] }\n---\nif (vary.n === 3) throw new Error('three'); return vary.n"),
        fence("js double", "return size * 2"),
        fence("js fourfold", "return double * 2"),
        gate("mean(double) == 3", "mean(fourfold) == 6", "count(fourfold) == 3"),
      ),
    );
    await session.run({ type: "stale" }).done;
    expect([0, 1, 2].map((index) => line(session, index))).toMatchObject([
      { verdict: "pass", sides: ["3 (n 2 of 3, 1 error, over 3 labels of n)", "3"] },
      { verdict: "pass", sides: ["6 (n 2 of 3, 1 error, over 3 labels of n)", "6"] },
      { verdict: "fail", sides: ["2 (n 2 of 3, 1 error, over 3 labels of n)", "3"] },
    ]);
    expect(session.state.results.get("fourfold{n=3}")).toMatchObject({ outcome: "blocked", because: ["double"] });
    expect(["fourfold{n=3}", "gate"].map((address) => fresh(session, address))).toEqual(["current", "current"]);
  });

  test("until what failed is edited, and again when that is undone", async () => {
    const text = (row: number): string =>
      notebookText(
        "",
        tickets("1,good", "2,bad"),
        fence(
          "sheet triage",
          [
            "---\nrows: tickets\n---",
            fence("js odd", `if (row.id === ${row}) throw new Error(); return 1`),
            fence("js far", "return odd"),
          ].join("\n"),
        ),
        gate("mean(triage.far) == 1"),
      );
    const session = await workspace.open(text(2));
    await session.run({ type: "stale" }).done;
    expect(line(session)).toMatchObject({
      verdict: "pass",
      sides: ["1 (n 1 of 2, 1 error, over 2 rows of triage)", "1"],
    });
    await session.setText(text(3));
    expect(fresh(session, "gate")).toBe("stale: triage.far");
    await session.setText(text(2));
    expect(fresh(session, "gate")).toBe("current");
    await session.setText(text(3));
    await session.run({ type: "stale" }).done;
    expect(line(session)).toMatchObject({ verdict: "pass", sides: ["1 (n 2 of 2, over 2 rows of triage)", "1"] });
  });

  test("and what is blocked by what was stopped, or has not run, is open", async () => {
    workspace.script = (prompt) => (prompt.endsWith("good") ? { text: "", hang: "at-once" } : prompt);
    const session = await workspace.open(
      notebookText(
        "",
        tickets("1,good", "2,bad"),
        fence(
          "sheet triage",
          [
            "---\nrows: tickets\n---",
            fence("prompt topic", "---\nmodel: server/small\n---\nstuck {{ row.text }}"),
            fence("score correct", "---\noutput: =topic\n---\n- contains: bad"),
          ].join("\n"),
        ),
        gate("mean(triage.correct) == 1"),
      ),
    );
    const run = session.run({ type: "stale" });
    await workspace.server.until((server) => server.inFlight().length === 1);
    run.cancel({ cell: "triage.topic", at: { triage: "1" } });
    await run.done;
    workspace.script = null;
    const open = {
      verdict: "open",
      sides: ["1 (n 1 of 2, over 2 rows of triage)", "1"],
      reason: "1 of 2 results of `triage.correct` are not settled",
    };
    expect(line(session)).toMatchObject(open);

    const never = await workspace.open(session.state.notebook.text.replace("stuck", "never"));
    await never.run({ type: "cells", cells: ["tickets"] }).done;
    await never.run({ type: "only", cell: "triage.correct" }).done;
    await never.run({ type: "only", cell: "gate" }).done;
    expect(line(never)).toMatchObject({
      verdict: "open",
      reason: "2 of 2 results of `triage.correct` are not settled",
    });
  });
});
