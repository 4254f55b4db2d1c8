import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Datum } from "#server/notebook/value.ts";
import { column, computeColumn, nodeOf, overrideOf } from "./__fixtures__/compute-column.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";
import type { Frame } from "./sheet-store.ts";

let workspace: TemporaryTables;
beforeAll(async () => {
  workspace = await temporaryTables();
});
afterAll(() => workspace[Symbol.asyncDispose]());

type Row = { readonly [name: string]: Datum };

async function open(
  sheet: string,
  rows: readonly Row[],
  key: string | null = null,
  identity = ["text"],
): Promise<Frame> {
  const { tables } = workspace;
  return await tables.sheets.openFrame({ sheet, table: await tables.fromRows(rows), key, identity });
}

const texts = (...of: readonly string[]): Row[] => of.map((text, index) => ({ text, other: index }));

async function rowsOf({ frame, rowCount }: Frame): Promise<readonly string[]> {
  return (await workspace.tables.sheets.page({ frame, from: 0, to: rowCount, columns: [] })).rows;
}

const nodes = [nodeOf("answer", [column("text")])];

/** Which answers are current, by the text of their row. */
async function answers(frame: Frame): Promise<{ readonly [text: string]: Datum }> {
  const { sheets } = workspace.tables;
  const range = { frame: frame.frame, from: 0, to: frame.rowCount };
  const page = await sheets.page({ ...range, columns: ["text"] });
  const states = await sheets.states({ ...range, nodes, node: "answer" });
  const results = await sheets.results({ ...range, node: "answer", variants: [{}] });
  const values = new Map(results.map(({ row, value }) => [row, (JSON.parse(value!) as { value: Datum }).value]));
  return Object.fromEntries(
    states.map(({ row, freshness }, index) => [
      String(page.columns[0]![index]),
      freshness === "current" ? values.get(row)! : freshness,
    ]),
  );
}

describe("the rows of a sheet", () => {
  test("are told apart by their key", async () => {
    const frame = await open(
      "key",
      [
        { id: 17, text: "a" },
        { id: 4.5, text: "b" },
      ],
      "id",
    );
    expect(await rowsOf(frame)).toEqual(["17", "4.5"]);
  });

  test("are told apart by a date, or an instant in UTC, as text", async () => {
    const columns = [
      { name: "day", type: "date", sql: "DATE" },
      { name: "at", type: "time", sql: "TIMESTAMP WITH TIME ZONE" },
    ] as const;
    const table = await workspace.tables.fromRows([{ day: "2026-01-31", at: "2026-01-31T09:30:00+02:00" }], columns);
    const frames = await Promise.all(
      ["day", "at"].map((key) => workspace.tables.sheets.openFrame({ sheet: key, table, key, identity: [] })),
    );
    expect(await Promise.all(frames.map(rowsOf))).toEqual([["2026-01-31"], ["2026-01-31 07:30:00Z"]]);
  });

  test("with an equal key are an error that names the value and how many", async () => {
    const rows = [{ id: "x" }, { id: "y" }, { id: "x" }, { id: "x" }];
    await expect(open("equal", rows, "id")).rejects.toThrow(
      'the key column id does not tell rows apart: "x" is in 3 rows, from 1 to 4',
    );
  });

  test("with an empty key are an error that says how many and which is the first", async () => {
    const rows = [{ id: "x" }, { id: null }, { id: null }];
    await expect(open("empty", rows, "id")).rejects.toThrow("the key column id is empty in 2 rows, first in row 2");
  });

  test("without a key are told apart by the hash of their identity columns, in whatever order these are named", async () => {
    const rows = [{ a: "x", b: 1, c: "only here" }];
    const [one] = await rowsOf(await open("order", rows, null, ["a", "b"]));
    expect(one).toMatch(/^[0-9a-f]{32}$/);
    expect(await rowsOf(await open("order", [{ b: 1, a: "x", c: "or there" }], null, ["b", "a"]))).toEqual([one]);
  });

  test("that are equal have an occurrence number, from the second on", async () => {
    const [a, first, second, third] = await rowsOf(await open("occurrence", texts("a", "b", "b", "b")));
    expect([second, third]).toEqual([`${first}.2`, `${first}.3`]);
    expect(a).not.toBe(first);
  });

  test("whose values together read the same are different rows", async () => {
    const rows = [
      { a: "a", b: "bc" },
      { a: "ab", b: "c" },
      { a: null, b: "abc" },
      { a: "", b: "abc" },
    ];
    expect(new Set(await rowsOf(await open("apart", rows, null, ["a", "b"]))).size).toBe(4);
  });

  test("keep their identity when a column's type widens", async () => {
    const before = await rowsOf(await open("type", [{ a: 5 }, { a: 7 }], null, ["a"]));
    const after = await rowsOf(await open("type", [{ a: 5 }, { a: 7 }, { a: 2.5 }], null, ["a"]));
    expect(after.slice(0, 2)).toEqual(before);
    expect((await rowsOf(await open("type", [{ a: "5" }, { a: "seven" }], null, ["a"])))[0]).toBe(before[0]);
  });

  test("may be none, and may have no columns", async () => {
    const none = await workspace.tables.fromRows([], [{ name: "text", type: "string", sql: "VARCHAR" }]);
    const frame = await workspace.tables.sheets.openFrame({
      sheet: "none",
      table: none,
      key: null,
      identity: ["text"],
    });
    expect(frame.rowCount).toBe(0);
    expect(await workspace.tables.sheets.work({ frame: frame.frame, nodes, node: "answer", from: 0, to: 5 })).toEqual(
      [],
    );
    expect(await rowsOf(await open("bare", [{}, {}], null, []))).toHaveLength(2);
  });

  test("may be more than travel in a handle, in the order of the file", async () => {
    const rows = Array.from({ length: 5000 }, (_, id) => ({ id: (id * 7919) % 5000, text: `t${id}` }));
    const frame = await open("file", rows, "id");
    const page = await workspace.tables.sheets.page({
      frame: frame.frame,
      from: 4000,
      to: 4003,
      columns: ["text", "id"],
    });
    expect(page.columns).toEqual([["t4000", "t4001", "t4002"], rows.slice(4000, 4003).map(({ id }) => id)]);
    expect(page.rows).toEqual(page.columns[1]!.map(String));
  });

  test("are read by identity in the order given, without those that are not there", async () => {
    const frame = await open("by identity", texts("a", "b", "c"), "text");
    const page = await workspace.tables.sheets.pageOf({
      frame: frame.frame,
      rows: ["c", "z", "a"],
      columns: ["other"],
    });
    expect(page).toEqual({ rows: ["c", "a"], columns: [[2, 0]], outcomes: {} });
  });

  test("may have columns with any name", async () => {
    const rows = [{ select: 1, 'a "b"': 2, ordinal: 3, row: 4, label: 5, address: 6 }];
    const frame = await open("names", rows, "ordinal");
    const columns = Object.keys(rows[0]!);
    const page = await workspace.tables.sheets.page({ frame: frame.frame, from: 0, to: 1, columns });
    expect(page.columns.flat()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("without a column that is asked for are an error that names the columns", async () => {
    const frame = await open("columns", texts("a"));
    await expect(
      workspace.tables.sheets.page({ frame: frame.frame, from: 0, to: 1, columns: ["txt"] }),
    ).rejects.toThrow("the sheet's rows have no column txt");
  });
});

describe("when a dataset gets a new version, results follow their rows", () => {
  async function computed(sheet: string, ...of: readonly string[]): Promise<Frame> {
    const frame = await open(sheet, texts(...of));
    await computeColumn(workspace.tables.sheets, sheet, frame, nodes, "answer", ({ ordinal }) => ordinal);
    return frame;
  }

  test("where rows are inserted before them", async () => {
    await computed("inserted", "a", "b");
    expect(await answers(await open("inserted", texts("new", "a", "newer", "b")))).toEqual({
      new: "never",
      a: 0,
      newer: "never",
      b: 1,
    });
  });

  test("where rows are in another order", async () => {
    await computed("reordered", "a", "b", "c");
    expect(await answers(await open("reordered", texts("c", "a", "b")))).toEqual({ a: 0, b: 1, c: 2 });
  });

  test("where rows are removed, and they come back with them", async () => {
    await computed("returned", "a", "b", "c");
    const without = await open("returned", texts("a", "c"));
    expect(await answers(without)).toEqual({ a: 0, c: 2 });
    const counts = { frame: without.frame, nodes, node: "answer" };
    for (const exact of [true, false])
      expect((await workspace.tables.sheets.freshness({ ...counts, exact }))[0]!.counts).toEqual({ current: 2 });
    expect(await answers(await open("returned", texts("c", "b", "a")))).toEqual({ a: 0, b: 1, c: 2 });
  });

  test("where one of equal rows is removed, the last of them", async () => {
    const first = await rowsOf(await computed("fewer", "b", "b"));
    const frame = await open("fewer", texts("b"));
    expect(await rowsOf(frame)).toEqual([first[0]]);
    expect(await answers(frame)).toEqual({ b: 0 });
  });

  test("and are stale where the row has another text under the same key", async () => {
    const before = await open(
      "changed",
      [
        { id: 1, text: "a" },
        { id: 2, text: "b" },
      ],
      "id",
    );
    await computeColumn(workspace.tables.sheets, "changed", before, nodes, "answer", ({ ordinal }) => ordinal);
    const after = await open(
      "changed",
      [
        { id: 2, text: "b" },
        { id: 1, text: "A" },
      ],
      "id",
    );
    expect(await answers(after)).toEqual({ b: 1, A: "stale-input" });
  });

  test("and so do people's values, also those for rows that are yet to come", async () => {
    const { sheets } = workspace.tables;
    const before = await open("locked", [{ id: 1, text: "a" }], "id");
    const overrides = [overrideOf("1", "locked", "mine"), overrideOf("2", "edited", "early")];
    await sheets.setOverrides({ sheet: "locked", node: "answer", overrides });
    const frames = [
      before,
      await open(
        "locked",
        [
          { id: 2, text: "b" },
          { id: 1, text: "a" },
        ],
        "id",
      ),
    ];
    const found = await Promise.all(
      frames.map(({ frame, rowCount }) => sheets.states({ frame, nodes, node: "answer", from: 0, to: rowCount })),
    );
    expect(found.map((states) => states.map(({ freshness }) => freshness))).toEqual([["locked"], ["edited", "locked"]]);
    for (const exact of [true, false])
      expect((await sheets.freshness({ frame: before.frame, nodes, node: "answer", exact }))[0]!.counts).toEqual({
        locked: 1,
      });
  });
});

describe("a version of the rows", () => {
  test("is one of the last three that can be read, the oldest used goes first", async () => {
    const frames: Frame[] = [];
    for (const text of ["a", "b", "c", "a", "d"]) frames.push(await open("versions", texts(text)));
    expect(frames[3]).toEqual(frames[0]);
    for (const index of [0, 2, 4]) expect(await rowsOf(frames[index]!)).toHaveLength(1);
    await expect(rowsOf(frames[1]!)).rejects.toThrow("these rows of the sheet are no longer at hand");
    expect(await rowsOf(await open("versions", texts("b")))).toHaveLength(1);
  });

  test("that goes while it is read says so, and not in words of the database", async () => {
    const { tables } = workspace;
    const many = texts(...Array.from({ length: 20_000 }, (_, index) => `text ${index}`));
    const frame = await open("going", many);
    const newer = await Promise.all(["b", "c", "d"].map((text) => tables.fromRows(texts(text))));
    const wide = Array.from({ length: 12 }, () => ({ node: "answer", at: {} }));
    const read = tables.sheets.wideTable({ frame: frame.frame, nodes, columns: wide });
    const opened = newer.map((table) =>
      tables.sheets.openFrame({ sheet: "going", table, key: null, identity: ["text"] }),
    );
    await expect(read).rejects.toThrow("these rows of the sheet are no longer at hand");
    await Promise.all(opened);
  });

  test("is the same for the same table, opened twice at once", async () => {
    const [one, two] = await Promise.all([open("twice", texts("a", "b")), open("twice", texts("a", "b"))]);
    expect(one).toEqual(two);
    expect(await rowsOf(one!)).toHaveLength(2);
  });

  test("of a sheet that is not there is an error that says what to do", async () => {
    await expect(workspace.tables.sheets.page({ frame: "none", from: 0, to: 1, columns: [] })).rejects.toMatchObject({
      code: "sheet.frame",
      cure: "Run the sheet again.",
    });
  });

  test("outlives its process, and is made again after the cache was deleted", async () => {
    const own = await temporaryTables();
    const table = await own.tables.fromRows(texts("a", "b"));
    const call = { sheet: "s", table, key: null, identity: ["text"] };
    const frame = await own.tables.sheets.openFrame(call);
    await computeColumn(own.tables.sheets, "s", frame, nodes, "answer", () => "kept");
    await own.tables.close();

    const { openTables } = await import("./index.ts");
    const again = openTables(own.folders);
    const counts = { frame: frame.frame, nodes, node: "answer", exact: true };
    expect((await again.sheets.freshness(counts))[0]!.counts).toEqual({ current: 2 });
    for (const name of ["tables.duckdb", "tables.duckdb.wal"]) await rm(join(own.folders.cache, name), { force: true });
    await expect(again.sheets.freshness(counts)).rejects.toThrow("no longer at hand");
    await again.sheets.openFrame(call);
    expect((await again.sheets.freshness(counts))[0]!.counts).toEqual({ never: 2 });
    await again.close();
    await own[Symbol.asyncDispose]();
  });
});
