import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { wholeSheet, type CellRef, type SheetView } from "#server/notebook/sheet-view.ts";
import type { Session } from "./session.ts";
import { triage } from "./__fixtures__/triage-sheet.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const topic = (model?: string): CellRef => ({ type: "cell", cell: "topic", at: model === undefined ? {} : { model } });
const correct = (model: string): CellRef => ({ type: "cell", cell: "correct", at: { model } });
const viewOf = (view: Partial<SheetView>): SheetView => ({ ...wholeSheet, ...view });

async function ran(text: string, path?: string): Promise<Session> {
  const session = await workspace.open(text, path === undefined ? {} : { path });
  await session.run({ type: "stale" }).done;
  return session;
}

const labels = fence("label mine", "---\ntype: string\n---");

const page = async (session: Session, view: Partial<SheetView> = {}, request = { from: 0, to: 100 }) =>
  (await session.sheetRows("triage", viewOf(view), request))!;
const ids = async (session: Session, view: Partial<SheetView>): Promise<readonly unknown[]> =>
  (await page(session, view)).rows.map(({ columns }) => columns[0]);

describe("a page of a sheet", () => {
  test("has each row's identity, number and columns, and a cell for each variant with all its facts", async () => {
    const session = await ran(triage({ source: "{{ vary.model }} once\n\n{{ row.text }}" }));
    const found = await page(session, {}, { from: 2, to: 4 });
    expect(found).toMatchObject({
      rowCount: 12,
      total: 12,
      outdated: false,
      columns: ["id", "text", "amount", "expected"],
      variants: { topic: [{ model: "small" }, { model: "big" }], correct: [{ model: "small" }, { model: "big" }] },
    });
    expect(found.rows.map(({ row, ordinal, columns }) => [row, ordinal, columns])).toEqual([
      ["t2", 3, ["t2", "message 2", 5, "<message 2>"]],
      ["t3", 4, ["t3", "message 3", 7.5, "<message 3>"]],
    ]);
    expect(found.rows[0]!.cells["topic"]![1]).toEqual({
      at: { model: "big" },
      freshness: { state: "current" },
      outcome: "ok",
      value: { type: "string", value: "<message 2>" },
      length: null,
      error: null,
      override: null,
      cached: false,
      cost: 0,
      latency: expect.any(Number),
      input: expect.any(Number),
      output: expect.any(Number),
    });
    expect(found.rows[0]!.cells["correct"]![0]).toMatchObject({
      value: { type: "score", value: { score: 1, pass: true } },
      cost: 0,
      cached: null,
    });
  });

  test("is given up when nobody wants it any more, and those that are wanted are as they were", async () => {
    const session = await ran(triage({ source: "Given up\n\n{{ row.text }}" }));
    const before = await page(session);
    const given = Array.from({ length: 8 }, async (_, index) => {
      const abort = new AbortController();
      const read = session.sheetRows("triage", wholeSheet, { from: index, to: 12, signal: abort.signal });
      void setTimeout(index).then(() => abort.abort(new Error("scrolled past")));
      return read.then(
        () => "read",
        (thrown: Error) => thrown.message,
      );
    });
    expect(await page(session)).toEqual(before);
    expect(new Set(await Promise.all(given)).has("scrolled past")).toBe(true);
    const now = session.sheetRows("triage", wholeSheet, {
      from: 0,
      to: 12,
      signal: AbortSignal.abort(new Error("no")),
    });
    await expect(now).rejects.toThrow("no");
    expect(await page(session)).toEqual(before);
  });

  test("is null before the rows are there, and has no cells where nothing ran", async () => {
    const session = await workspace.open(triage());
    expect(await session.sheetRows("triage", wholeSheet, { from: 0, to: 10 })).toBeNull();
    await session.run({ type: "cells", cells: ["tickets"] }).done;
    const [row] = (await page(session)).rows;
    expect(row!.cells).toEqual({ topic: [null, null], correct: [null, null] });
    await expect(session.sheetRows("nothing", wholeSheet, { from: 0, to: 1 })).rejects.toMatchObject({
      code: "sheet.unknown",
    });
  });

  test("has the columns and cells that are asked for, and nothing beyond the last row", async () => {
    const session = await ran(triage());
    const found = (await session.sheetRows("triage", wholeSheet, {
      from: 10,
      to: 50,
      columns: ["amount"],
      cells: ["correct"],
    }))!;
    expect(found.rows.map(({ columns, cells }) => [columns, Object.keys(cells)])).toEqual([
      [[25], ["correct"]],
      [[27.5], ["correct"]],
    ]);
    expect((await page(session, {}, { from: 12, to: 20 })).rows).toEqual([]);
  });

  test("says what is stale and why, an error in its place, and what people put there", async () => {
    workspace.script = (prompt) => (prompt.endsWith("message 1") ? { text: "no", status: 400 } : "<x>");
    const session = await ran(triage({ source: "Errors {{ vary.model }}\n\n{{ row.text }}" }));
    workspace.script = null;
    await session.note({
      address: "triage.topic{model=big,triage=t0}",
      type: "edited",
      value: { type: "string", value: "mine" },
    });
    await session.note({ address: "triage.topic{model=small,triage=t2}", type: "locked" });
    await session.setText(triage({ source: "Another {{ vary.model }}\n\n{{ row.text }}" }));
    const cells = (await page(session, {}, { from: 0, to: 3 })).rows.map((row) =>
      row.cells["topic"]!.map((cell) => [cell!.freshness, cell!.override, cell!.error?.code ?? cell!.value]),
    );
    const stale = { state: "stale", reasons: ["source"] };
    const text = (value: string) => ({ type: "string", value });
    expect(cells).toEqual([
      [
        [stale, null, text("<x>")],
        [{ state: "edited" }, "edited", text("mine")],
      ],
      [
        [stale, null, "model.bad-request"],
        [stale, null, "model.bad-request"],
      ],
      [
        [{ state: "locked" }, "locked", text("<x>")],
        [stale, null, text("<x>")],
      ],
    ]);
  });

  test("cuts long texts to 500 characters and tells their length, leaves out what else is long, and keeps the fields of objects", async () => {
    const long = "é".repeat(700);
    const text = notebookText(
      "",
      fence("data rows", `---\nkey: id\n---\nid,text\n1,${"x".repeat(600)}\n2,short`),
      fence(
        "sheet triage",
        [
          "---\nrows: rows\n---",
          fence("js text", `return row.id === 1 ? "${long}" : "y".repeat(20_000);`),
          fence(
            "js note",
            'return { long: "z".repeat(5_000), "a/~b": 7, list: [1, 2], of: { more: "m".repeat(600) }, none: null };',
          ),
          fence("js list", "return row.id === 1 ? [1, 2] : Array.from({ length: 3_000 }, (_, index) => index);"),
          fence(
            "score judged",
            `---\noutput: =row.text\nlanguage: js\n---\nreturn { score: 0.5, reason: "r".repeat(9_000) };`,
          ),
        ].join("\n"),
      ),
    );
    const session = await ran(text);
    const [first, second] = (await page(session)).rows;
    expect([first!.columns[1], first!.lengths, second!.lengths]).toEqual(["x".repeat(500), { text: 600 }, {}]);
    const short = (row: typeof first, cell: string) => {
      const { value, length } = row!.cells[cell]![0]!;
      return [value, length];
    };
    expect(short(first, "text")).toEqual([{ type: "string", value: "é".repeat(500) }, 700]);
    expect(short(second, "text")).toEqual([{ type: "string", value: "y".repeat(500) }, 20_000]);
    expect(short(first, "list")).toEqual([{ type: "json", value: [1, 2] }, null]);
    expect(short(second, "list")).toEqual([{ type: "string", value: expect.stringMatching(/^\[0,1,2,/) }, 13_891]);
    expect(first!.cells["note"]![0]).toMatchObject({
      value: { type: "string", value: expect.stringMatching(/^\{"long":"zzz/) },
      fields: {
        long: "z".repeat(500),
        "a/~b": 7,
        list: [1, 2],
        of: expect.stringMatching(/^\{"more":"m{491}$/),
        none: null,
      },
    });
    expect(second!.cells["list"]![0]!.fields).toBeUndefined();
    expect(short(first, "judged")).toEqual([
      { type: "score", value: { score: 0.5, pass: expect.any(Boolean), reason: "r".repeat(500) } },
      9_000,
    ]);
    const [row] = (await session.rowsOf("triage", wholeSheet, { type: "first", count: 1 }))!.rows;
    expect((await session.sheetCell("triage", row!, "text"))!.value).toEqual({ type: "string", value: long });
  });
});

describe("a view", () => {
  test("is sorted by the mean of a cell's repeats where they are numbers, and else by the most frequent of their texts", async () => {
    const session = await ran(
      notebookText(
        "",
        fence("data rows", "---\nkey: id\n---\nid,text\na,one\nb,two\nc,three\nd,four"),
        fence(
          "sheet triage",
          [
            "---\nrows: rows\n---",
            fence("prompt answer", "---\nmodel: server/small\nrepeat: 3\n---\n{{ row.text }}"),
            fence("js size", "return answer.length;"),
          ].join("\n"),
        ),
      ),
    );
    const puts = async (cell: string, row: string, values: readonly (number | string)[]): Promise<void> => {
      for (const [index, value] of values.entries())
        await session.note({
          address: `triage.${cell}{repeat=${index + 1},triage=${row}}`,
          type: "edited",
          value: typeof value === "number" ? { type: "number", value } : { type: "string", value },
        });
    };
    const sorted = (cell: string, descending: boolean): Promise<readonly unknown[]> =>
      ids(session, { sort: [{ column: { type: "cell", cell, at: {} }, descending }] });
    await puts("size", "a", [9, 1, 1]);
    await puts("size", "b", [5, 5, 5]);
    await puts("size", "c", [0, 0, 10]);
    await puts("size", "d", [4, 4, 4]);
    expect(await sorted("size", false)).toEqual(["c", "a", "d", "b"]);
    expect(await sorted("size", true)).toEqual(["b", "d", "a", "c"]);
    await puts("answer", "a", ["zebra", "Bee", "bee"]);
    await puts("answer", "b", ["cat", "ant", "cat"]);
    await puts("answer", "c", ["yak", "yak", "ant"]);
    await puts("answer", "d", ["ant", "yak", "ant"]);
    expect(await sorted("answer", false)).toEqual(["d", "a", "b", "c"]);
  });

  test("is filtered, sorted and searched by what is shown, also where it is stale", async () => {
    workspace.script = (prompt) =>
      prompt.includes("small") && /[159]$/.test(prompt) ? "<else>" : `<${prompt.split("\n").at(-1)}>`;
    const session = await ran(triage({ source: "Views {{ vary.model }}\n\n{{ row.text }}" }));
    workspace.script = null;
    const wrong = { type: "is", column: correct("small"), value: false } as const;
    const sort = [{ column: { type: "row", column: "amount" }, descending: true }] as const;
    expect(await ids(session, { filters: [wrong], sort })).toEqual(["t11", "t9", "t5", "t1"]);
    await session.setText(triage({ source: "Viewed {{ vary.model }}\n\n{{ row.text }}" }));
    expect(await ids(session, { filters: [wrong], sort })).toEqual(["t11", "t9", "t5", "t1"]);
    expect(await ids(session, { search: "ELSE" })).toEqual(["t1", "t5", "t9", "t11"]);
    expect(await ids(session, { search: "message 1" })).toEqual(["t1", "t10", "t11"]);
  });

  test("tells where variants differ: all of them, or those that are named at each label of the other axes", async () => {
    workspace.script = (prompt) =>
      prompt.includes("big") && prompt.endsWith("message 3")
        ? "<else>"
        : prompt.includes("loud") && prompt.endsWith("message 4")
          ? "<loud>"
          : `<${prompt.split("\n").at(-1)}>`;
    const source = "Differ {{ vary.model }} {{ vary.tone }}\n\n{{ row.text }}";
    const session = await ran(triage({ configuration: "vary: { tone: [plain, loud] }\n", source }));
    workspace.script = null;
    const models = [{ model: "small" }, { model: "big" }];
    expect(await ids(session, { filters: [{ type: "differs", column: topic() }] })).toEqual(["t3", "t4"]);
    expect(await ids(session, { filters: [{ type: "differs", column: topic(), among: models }] })).toEqual(["t3"]);
    const verdicts = { ...topic(), cell: "correct" };
    expect(await ids(session, { filters: [{ type: "differs", column: verdicts, among: models }] })).toEqual(["t3"]);
  });

  test("tells failed, locked, edited and cached results, and those that never ran", async () => {
    const source = "States {{ vary.model }}\n\n{{ row.text }}";
    workspace.script = (prompt) => (prompt.endsWith("message 2") ? { text: "no", status: 400 } : "<x>");
    const other = await workspace.open(triage({ source }));
    await other.run({ type: "stale" }, { everySheet: { type: "first", count: 2 } }).done;
    const session = await workspace.open(triage({ source }));
    await session.run({ type: "stale" }, { everySheet: { type: "first", count: 4 } }).done;
    workspace.script = null;
    await session.note({ address: "triage.topic{model=small,triage=t3}", type: "locked" });
    const text = { type: "string", value: "mine" } as const;
    await session.note({ address: "triage.topic{model=small,triage=t5}", type: "edited", value: text });
    const inState = (state: "never" | "failed" | "locked" | "edited" | "from-cache" | "current", model = "small") =>
      ids(session, { filters: [{ type: "state", column: topic(model), state }] });
    expect(await inState("failed")).toEqual(["t2"]);
    expect(await inState("from-cache")).toEqual(["t0", "t1"]);
    expect(await inState("locked")).toEqual(["t3"]);
    expect(await inState("edited")).toEqual(["t5"]);
    expect(await inState("current")).toEqual(["t0", "t1", "t2"]);
    expect(await inState("never", "big")).toEqual(["t4", "t5", "t6", "t7", "t8", "t9", "t10", "t11"]);
  });

  test("keeps its order while a run is on and says that it is outdated, until it is asked for anew or the changes stop", async () => {
    const session = await workspace.open(triage({ source: "Held {{ vary.model }}\n\n{{ row.text }}" }));
    await session.run({ type: "stale" }, { everySheet: { type: "first", count: 6 } }).done;
    workspace.script = () => ({ text: "<0>", hold: true });
    const view = viewOf({ sort: [{ column: topic("small"), descending: false }] });
    const read = async (fresh = false) => {
      const { rows, outdated } = (await session.sheetRows("triage", view, { from: 0, to: 12, fresh }))!;
      const answers = rows.map(({ cells }) => cells["topic"]![0]?.value);
      return {
        order: rows.map(({ row }) => row),
        outdated,
        came: answers.filter((value) => value !== undefined).length,
      };
    };
    const inSheet = ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "t10", "t11"];
    expect(await read()).toEqual({ order: inSheet, outdated: false, came: 6 });

    const run = session.run({ type: "stale" });
    const isLast = ({ text }: { readonly text: string }): boolean => text.includes("message 11");
    await workspace.server.until((server) => server.inFlight().some(isLast));
    workspace.server.release((request) => !isLast(request));
    await vi.waitFor(async () => expect((await read()).came).toBe(11), 5_000);
    // However long nothing comes: the run is on.
    await setTimeout(1_200);
    expect(await read()).toEqual({ order: inSheet, outdated: true, came: 11 });
    const fresh = ["t6", "t7", "t8", "t9", "t10", "t0", "t1", "t2", "t3", "t4", "t5", "t11"];
    expect(await read(true)).toEqual({ order: fresh, outdated: false, came: 11 });

    workspace.server.release();
    await run.done;
    workspace.script = null;
    expect(await read()).toMatchObject({ order: fresh, outdated: true });
    const sorted = ["t6", "t7", "t8", "t9", "t10", "t11", "t0", "t1", "t2", "t3", "t4", "t5"];
    await vi.waitFor(async () => expect(await read()).toEqual({ order: sorted, outdated: false, came: 12 }), 5_000);
  });

  test("keeps the order that is shown for whoever shows it, and tells it from others", async () => {
    const session = await ran(triage({ source: "Shown {{ vary.model }}\n\n{{ row.text }}", cells: [labels] }));
    const view = viewOf({ filters: [{ type: "empty", column: { type: "cell", cell: "mine", at: {} } }] });
    const read = async (from: number, more: { readonly order?: string; readonly fresh?: boolean } = {}) => {
      const page = (await session.sheetRows("triage", view, { from, to: from + 6, ...more }))!;
      const { order, outdated, total } = page;
      return { rows: page.rows.map(({ row }) => row), order, outdated, total };
    };
    const first = await read(0);
    expect(first).toMatchObject({ rows: ["t0", "t1", "t2", "t3", "t4", "t5"], outdated: false, total: 12 });
    await session.note({ address: "triage.mine{triage=t0}", type: "label", value: "done" });
    await setTimeout(1_200);
    const { order } = first;
    const second = await read(6, { order });
    expect(second).toEqual({ rows: ["t6", "t7", "t8", "t9", "t10", "t11"], order, outdated: true, total: 12 });
    const shown = { type: "first", count: 1 } as const;
    expect((await session.rowsOf("triage", view, shown, { order }))!.rows).toEqual(["t0"]);
    // Others may have another meanwhile.
    const anew = await read(0, { order, fresh: true });
    expect(anew).toMatchObject({ rows: ["t1", "t2", "t3", "t4", "t5", "t6"], outdated: false, total: 11 });
    expect(anew.order).not.toBe(order);
    expect((await read(0)).order).toBe(anew.order);
    expect((await read(6, { order })).rows).toEqual(second.rows);
  });

  test("is not outdated by a run that changes nothing, nor one of a cell it does not ask for", async () => {
    const cells = (line: string) => [fence("template line", line)];
    const session = await ran(
      triage({ source: "Same {{ vary.model }}\n\n{{ row.text }}", cells: cells("{{ row.id }}") }),
    );
    await session.note({ address: "triage.topic{model=small,triage=t3}", type: "locked" });
    const sort = [{ column: topic("small"), descending: true }] as const;
    const before = await session.sheetRows("triage", viewOf({ sort }), { from: 0, to: 12, fresh: true });
    await session.run({ type: "stale" }).done;
    await session.setText(
      triage({ source: "Same {{ vary.model }}\n\n{{ row.text }}", cells: cells("{{ row.text }}") }),
    );
    await session.run({ type: "cells", cells: ["triage.line"] }).done;
    const after = await page(session, { sort });
    expect(after.rows.map(({ row }) => row)).toEqual(before!.rows.map(({ row }) => row));
    expect(after.outdated).toBe(false);
  });

  test("by the rows alone is never outdated", async () => {
    const session = await workspace.open(triage({ source: "Rows {{ vary.model }}\n\n{{ row.text }}" }));
    await session.run({ type: "cells", cells: ["tickets"] }).done;
    const sort = [{ column: { type: "row", column: "amount" }, descending: true }] as const;
    await page(session, { sort });
    await session.run({ type: "stale" }).done;
    expect((await page(session, { sort })).outdated).toBe(false);
  });

  test("that names what the sheet has not is an error that says so", async () => {
    const session = await ran(triage());
    const errorOf = (view: Partial<SheetView>) =>
      page(session, view).then(
        () => "none",
        ({ code }: { readonly code: string }) => code,
      );
    expect(await errorOf({ sort: [{ column: { type: "row", column: "no" }, descending: false }] })).toBe(
      "sheet.column",
    );
    expect(await errorOf({ filters: [{ type: "empty", column: { ...topic(), cell: "no" } }] })).toBe("sheet.node");
    expect(await errorOf({ filters: [{ type: "empty", column: topic("no") }] })).toBe("sheet.axis");
    expect(await errorOf({ sort: [{ column: topic(), descending: false }] })).toBe("sheet.axis");
  });

  test("that is read while the sheet or its cells get other names has the rows, or says that there is no such sheet", async () => {
    const text = triage({ source: "Renamed {{ vary.model }}\n\n{{ row.text }}" });
    const session = await ran(text);
    for (const other of [text.replaceAll("topic", "subject"), text.replaceAll("triage", "sorted")]) {
      await session.setText(text);
      const read = session.sheetRows("triage", wholeSheet, { from: 0, to: 12 });
      await session.setText(other);
      const found = await read.then(
        (page) => page?.total,
        ({ code }: { readonly code: string }) => code,
      );
      expect(found).toBe(other.includes("triage") ? 12 : "sheet.unknown");
    }
  });

  test("is there again after the cache was deleted", async () => {
    const session = await ran(triage());
    expect((await page(session)).total).toBe(12);
    for (const name of await readdir(workspace.runtime.workspace.cache))
      if (name.startsWith("tables")) await rm(join(workspace.runtime.workspace.cache, name));
    const { total, rows } = await page(session);
    expect([total, rows[0]!.cells["topic"]]).toEqual([12, [null, null]]);
  });
});

describe("rows of a view to run", () => {
  test("are its first in the order that is seen, or those of it where a filter holds", async () => {
    workspace.script = (prompt) => (/[27]$/.test(prompt) ? { text: "no", status: 400 } : "<x>");
    const session = await ran(triage({ source: "Scopes {{ vary.model }}\n\n{{ row.text }}" }));
    workspace.script = null;
    const view = viewOf({ sort: [{ column: { type: "row", column: "amount" }, descending: true }], search: "message" });
    expect(await session.rowsOf("triage", view, { type: "first", count: 3 })).toEqual({
      total: 3,
      rows: ["t11", "t10", "t9"],
    });
    const failed = await session.rowsOf("triage", view, { type: "state", column: topic(), state: "failed" });
    expect(failed).toEqual({ total: 2, rows: ["t7", "t2"] });
    expect((await session.rowsOf("triage", view, { type: "all" }))!.rows).toHaveLength(12);

    workspace.sent();
    const rows = { triage: { type: "rows", rows: failed!.rows } } as const;
    await session.run({ type: "cells", cells: ["triage.topic"] }, { rows, retryErrors: true }).done;
    expect(workspace.sent().map((prompt) => prompt.split("\n").at(-1))).toEqual([
      "message 2",
      "message 7",
      "message 2",
      "message 7",
    ]);
    expect(await ids(session, { filters: [{ type: "state", column: topic(), state: "failed" }] })).toEqual([]);
    await session.setText(triage({ source: "Scoped {{ vary.model }}\n\n{{ row.text }}" }));
    const stale = await session.rowsOf("triage", view, { type: "state", column: topic("big"), state: "stale" });
    expect(stale!.total).toBe(12);
  });
});
