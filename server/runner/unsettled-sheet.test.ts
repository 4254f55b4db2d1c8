import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Session } from "./session.ts";
import { fence, fresh, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const data = fence("data d", "---\nkey: id\n---\nid,n\n1,10\n2,20\n3,30");
const value = fence("js v", "return row.n");
const sheet = (...cells: readonly string[]): string => fence("sheet s", ["---\nrows: d\n---", ...cells].join("\n"));
const total = fence("sql total", "select sum(v) as t from s");
const line = fence("template line", "{{ total }}");
const first = { everySheet: { type: "first", count: 1 } } as const;
const sum = (session: Session): unknown => (shown(session, "total") as { rows?: unknown }).rows;

describe("a sheet whose table has not all of its results", () => {
  test("is stale because of its columns by name, and so is what reads it, which shows what it had", async () => {
    const session = await workspace.open(
      notebookText("", data, sheet(value, fence("template w", "{{ v }}")), total, line),
    );
    await session.run({ type: "stale" }).done;
    expect(["s", "total", "line"].map((cell) => fresh(session, cell))).toEqual(["current", "current", "current"]);

    const other = await workspace.open(
      notebookText("", data, sheet(value, fence("template w", "{{ v }}")), total, line),
    );
    await other.run({ type: "stale" }, first).done;
    expect(["s", "total", "line"].map((cell) => fresh(other, cell))).toEqual([
      "stale: v, w",
      "stale: s",
      "stale: total",
    ]);
    expect(sum(other)).toEqual([[10]]);
    await other.run({ type: "stale" }).done;
    expect(["s", "total", "line"].map((cell) => fresh(other, cell))).toEqual(["current", "current", "current"]);
    expect(sum(other)).toEqual([[60]]);
  });

  test("stays so after a restart, and when an edit is undone", async () => {
    const text = notebookText("", data, sheet(value), total);
    const path = "unsettled.md";
    const session = await workspace.open(text, { path });
    await session.run({ type: "stale" }, first).done;
    await session.setText(text.replace("row.n", "row.n + 1"));
    await session.setText(text);
    expect([fresh(session, "s"), fresh(session, "total")]).toEqual(["stale: v", "stale: s"]);
    await workspace.restart();
    const again = await workspace.open(text, { path });
    await again.refresh();
    expect([fresh(again, "s"), fresh(again, "total")]).toEqual(["stale: v", "stale: s"]);
    await again.run({ type: "stale" }).done;
    expect([fresh(again, "s"), fresh(again, "total")]).toEqual(["current", "current"]);
  });

  test("is read by a test as long as it is what the sheet has, also after a restart", async () => {
    const text = notebookText("", data, sheet(value), fence("test gate", "s | length == 3"));
    const path = "counted.md";
    const session = await workspace.open(text, { path });
    await session.run({ type: "stale" }, first).done;
    expect([fresh(session, "s"), fresh(session, "gate")]).toEqual(["stale: v", "current"]);
    await session.run({ type: "columns", columns: [{ cell: "s.v", at: {} }] }).done;
    await session.refresh();
    expect(fresh(session, "gate")).toBe("stale: s");
    await workspace.restart();
    const again = await workspace.open(text, { path });
    await again.refresh();
    expect(fresh(again, "gate")).toBe("stale: s");
    await again.run({ type: "stale" }).done;
    expect([fresh(again, "s"), fresh(again, "gate")]).toEqual(["current", "current"]);
  });

  test("is no ground for what runs by itself", async () => {
    const prompt = fence("prompt v", "---\nmodel: server/small\n---\n{{ row.n }}");
    const session = await workspace.open(
      notebookText("", data, sheet(prompt), fence("sql total", "select count(v) as t from s")),
      { trusted: true },
    );
    await session.settle();
    expect([fresh(session, "s"), fresh(session, "total")]).toEqual(["stale: v", "never"]);
    await session.run({ type: "cells", cells: ["s"] }).done;
    await session.settle();
    expect([fresh(session, "s"), fresh(session, "total"), sum(session)]).toEqual(["current", "current", [[3]]]);
  });

  test("whose errors and skipped rows are all that it lacks is settled", async () => {
    const session = await workspace.open(
      notebookText(
        "",
        data,
        sheet(
          fence("js v", "---\nwhen: =row.id != 1\n---\nif (row.id === 2) throw new Error('x'); return row.n"),
          fence("template w", "{{ v }}"),
        ),
        total,
      ),
    );
    await session.run({ type: "stale" }).done;
    expect([fresh(session, "s"), fresh(session, "total"), sum(session)]).toEqual(["current", "current", [[30]]]);
  });

  test("is stale too where a budget ended its run", async () => {
    const prompt = fence("prompt v", "---\nmodel: openai/gpt-5-mini\nmax_tokens: 8\n---\n{{ row.n }}");
    const session = await workspace.open(
      notebookText("", data, sheet(prompt), fence("sql total", "select count(v) as t from s")),
    );
    const { outcome } = await session.run({ type: "stale" }, { unattended: true, budget: 0 }).done;
    expect([outcome, fresh(session, "s"), fresh(session, "total")]).toEqual(["budget", "stale: v", "stale: s"]);
  });
});
