import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Session } from "./session.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const rows = (count: number): string =>
  fence("data rows", ["---\nkey: id\n---\nid", ...Array.from({ length: count }, (_, index) => index + 1)].join("\n"));
const sheet = (...cells: readonly string[]): string =>
  fence("sheet whole", ["---\nrows: rows\n---", ...cells].join("\n"));

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
    const { columns } = (await session.sheetFreshness("whole", { exact: true }))!;
    expect(columns["asked"]).toMatchObject([{ counts: { current: 1_100 }, outcomes: { ok: 1_100 } }]);
  });

  test("leaves its error at the sheet, and what its rows came to before is kept", async () => {
    const first = fence("js first", "if (row.id === 1) throw new Error('no luck'); return row.id");
    const second = fence("template second", "{{ first }} of {{ outside | length }}");
    const session = await workspace.open(
      notebookText("", rows(3), fence("sql outside", "select range as n from range(300)"), sheet(first, second)),
    );
    const read = vi.spyOn(workspace.runtime.tables, "rows").mockRejectedValue(new Error("disk full"));
    await session.run({ type: "stale" }).done;
    read.mockRestore();
    expect(session.shown("whole")).toMatchObject({ outcome: "error", error: { message: "disk full" } });
    const { second: states } = (await session.rowStates("whole", 0, 3))!;
    expect(states!.map(({ outcome }) => outcome)).toEqual(["blocked", null, null]);
    await session.run({ type: "stale" }).done;
    expect(session.shown("whole")!.outcome).toBe("ok");
  });
});

test("a text that came ends for whoever follows it when it is kept, while others of its column still come", async () => {
  const asked = fence("prompt asked", "---\nmodels: [echo/text, echo/text+delay-1500]\n---\nA {{ row.id }}");
  const session = await workspace.open(notebookText("", rows(2), sheet(asked)));
  const run = session.run({ type: "stale" });
  for await (const event of run.events()) {
    if (event.type !== "text-end") continue;
    expect(event.addresses.map(({ at }) => at)).toEqual([
      { model: "echo/text", whole: "1" },
      { model: "echo/text", whole: "2" },
    ]);
    const { asked: states } = (await session.rowStates("whole", 0, 2))!;
    expect(states!.map(({ outcome }) => outcome)).toEqual(["ok", null, "ok", null]);
    break;
  }
  await run.done;
});

describe("what runs by itself", () => {
  async function broken(cell: string): Promise<Session> {
    const session = await workspace.open(notebookText("", rows(3), sheet(cell)), { trusted: true });
    const put = vi.spyOn(workspace.runtime.tables.sheets, "put").mockRejectedValueOnce(new Error("disk full"));
    await session.run({ type: "stale" }).done;
    put.mockRestore();
    expect(session.shown("whole")!.error).toMatchObject({ message: "disk full" });
    await session.settle();
    return session;
  }

  test("leaves the error of a column that broke where it may not compute that itself", async () => {
    const session = await broken(fence("js asked", "---\nrun: manual\n---\nreturn row.id"));
    expect(session.shown("whole")!.error).toMatchObject({ message: "disk full" });
    await session.run({ type: "stale" }).done;
    expect(session.shown("whole")).toMatchObject({ outcome: "ok", error: null });
  });

  test("takes it away where it has computed the column", async () => {
    const session = await broken(fence("js asked", "return row.id"));
    expect(session.shown("whole")).toMatchObject({ outcome: "ok", error: null });
  });
});

test("a table that is too long to be read is the error of each row that reads it", async () => {
  const session = await workspace.open(
    notebookText(
      "",
      rows(2),
      fence("sql long", "select range as n from range(100001)"),
      sheet(fence("template size", "{{ long | length }}")),
      fence("test gate", "count(whole.size) == 0"),
    ),
  );
  const told: unknown[] = [];
  await session.run({ type: "stale" }, { onEvent: (event) => void told.push(event) }).done;
  expect(told).toContainEqual(
    expect.objectContaining({
      type: "result",
      address: { cell: "whole.size", at: { whole: "1" } },
      error: expect.objectContaining({ code: "cell.too-many-rows" }) as unknown,
    }),
  );
  const { columns } = (await session.sheetFreshness("whole", { exact: true }))!;
  expect(columns["size"]).toMatchObject([{ counts: { current: 2 }, outcomes: { error: 2 } }]);
  expect(session.shown("gate")!.value).toMatchObject({ value: { lines: [{ verdict: "pass" }] } });
});
