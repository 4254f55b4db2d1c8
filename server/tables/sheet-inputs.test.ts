import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Datum } from "#server/notebook/value.ts";
import { column, nodeOf, reads, resultOf } from "./__fixtures__/compute-column.ts";
import { compute, openSheet, statesOf, type OpenedSheet, type Row } from "./__fixtures__/open-sheet.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";
import type { NodeSpec, SheetStore } from "./sheet-store.ts";

let workspace: TemporaryTables;
let sheets: SheetStore;
beforeAll(async () => {
  workspace = await temporaryTables();
  sheets = workspace.tables.sheets;
});
afterAll(() => workspace[Symbol.asyncDispose]());

const open = (rows: readonly Row[]): Promise<OpenedSheet> => openSheet(workspace, rows);

const two: readonly Row[] = [
  { id: 1, text: "a", more: "x" },
  { id: 2, text: "b", more: "y" },
];

describe("an input", () => {
  async function state(
    before: readonly NodeSpec[],
    after: readonly NodeSpec[],
    rows: readonly (readonly Row[])[],
  ): Promise<string> {
    const frame = await open(rows[0]!);
    await compute(frame, before);
    const now = rows[1] === undefined ? frame : await open(rows[1]);
    return (await statesOf(now, after, after.at(-1)!.node))[0]!;
  }

  test.each([
    ["an empty text is not null", { text: "" }, { text: null }],
    ["a number is not its text", { text: 1 }, { text: "1" }],
    ["true is not its text", { text: true }, { text: "true" }],
    ["a list is not its text", { text: [1] }, { text: "[1]" }],
    ["a letter's case counts", { text: "a" }, { text: "A" }],
    ["white space counts", { text: "a" }, { text: "a " }],
  ])("differs where the value does: %s", async (_, before, after) => {
    const node = [nodeOf("n", [column("text")])];
    expect(await state(node, node, [[{ id: 1, ...before }], [{ id: 1, ...after }]])).toBe("stale-input text");
  });

  test("differs where two columns together read the same", async () => {
    const node = [nodeOf("n", [column("a"), column("b")])];
    const rows = [[{ id: 1, a: "a", b: "bc" }], [{ id: 1, a: "ab", b: "c" }]];
    expect(await state(node, node, rows)).toBe("stale-input a b");
    expect(await state(node, node, [[{ id: 1, a: "1:x", b: null }], [{ id: 1, a: null, b: "1:x" }]])).toBe(
      "stale-input a b",
    );
  });

  test("is the same where a column was renamed and is read at the same place, and another at another place", async () => {
    const row = { id: 1, a: "x", b: "y", c: "x" };
    const before = [nodeOf("n", [column("a"), column("b")])];
    expect(await state(before, [nodeOf("n", [column("c"), column("b")])], [[row]])).toBe("current");
    expect(await state(before, [nodeOf("n", [column("b"), column("a")])], [[row]])).toBe("stale-input b a");
  });

  test("is the same where a new version of the dataset has widened the type of a number", async () => {
    const node = [nodeOf("n", [column("text")])];
    const rows = [
      [{ id: 1, text: 5 }],
      [
        { id: 1, text: 5 },
        { id: 2, text: 2.5 },
      ],
    ];
    expect(await state(node, node, rows)).toBe("current");
  });

  test("is of no other column than those read", async () => {
    const node = [nodeOf("n", [column("text")])];
    expect(await state(node, node, [[{ id: 1, text: "a", other: 1 }], [{ other: 2, id: 1, text: "a" }]])).toBe(
      "current",
    );
  });

  test("of a node without inputs is the same in every row", async () => {
    const frame = await open(two);
    const work = await sheets.work({ frame: frame.frame, nodes: [nodeOf("n", [])], node: "n", from: 0, to: 2 });
    expect(new Set(work.map(({ input }) => input)).size).toBe(1);
  });
});

describe("where there are more inputs than are kept worked out", () => {
  const names = Array.from({ length: 12 }, (_, index) => `x${index}`);
  const of = Object.fromEntries(names.map((name) => [name, name]));
  const each = names.map((name) => nodeOf(`of_${name}`, [column(name)]));

  test("a node that reads them all has its states", async () => {
    const frame = await open([{ id: 1, ...of }]);
    const nodes = [
      ...each,
      nodeOf(
        "all",
        each.map(({ node }) => reads(node)),
      ),
    ];
    await compute(frame, nodes);
    expect(await statesOf(frame, nodes, "all")).toEqual(["current"]);
  });

  test("nodes that are counted at the same time all are", async () => {
    const { frame } = await open([{ id: 1, ...of }]);
    const counted = await Promise.all(
      each.map(({ node }) => sheets.freshness({ frame, nodes: each, node, exact: true })),
    );
    expect(counted.map(([variant]) => variant!.counts)).toEqual(each.map(() => ({ never: 1 })));
  });
});

describe("a binding", () => {
  const bound = (version: string): readonly NodeSpec[] => [
    nodeOf("n", [{ type: "binding", name: "message", version }, column("more")]),
  ];

  test("counts by its values, not by its version", async () => {
    const frame = await open(two);
    const put = (version: string, values: readonly Datum[], from = 0): Promise<void> =>
      sheets.putBinding({ frame: frame.frame, name: "message", version, from, values });
    await put("1", ["a", { deep: [1n, null] }]);
    await compute(frame, bound("1"));
    await put("2", ["A", { deep: [1n, null] }]);
    expect(await statesOf(frame, bound("2"), "n")).toEqual(["stale-input message", "current"]);
    await put("3", ["?", { deep: [1n, null] }]);
    await put("4", ["a"]);
    await put("4", [{ deep: [1n, null] }], 1);
    expect(await statesOf(frame, bound("4"), "n")).toEqual(["current", "current"]);
  });

  test("that has not been put for a row leaves its input unknown, and is named", async () => {
    const frame = await open(two);
    const call = { frame: frame.frame, name: "message", version: "1" };
    expect(await sheets.hasBinding(call)).toBe(false);
    await sheets.putBinding({ ...call, from: 1, values: ["b"] });
    expect(await sheets.hasBinding(call)).toBe(false);
    const work = await sheets.work({ frame: frame.frame, nodes: bound("1"), node: "n", from: 0, to: 2 });
    expect(work.map(({ input }) => input === null)).toEqual([true, false]);
    const [item] = work;
    await sheets.put({ sheet: frame.sheet, node: "n", results: [resultOf(item!, "n 1", null)] });
    expect(await statesOf(frame, bound("1"), "n")).toEqual(["stale-upstream message", "never"]);
    await sheets.putBinding({ ...call, from: 0, values: ["a"] });
    expect(await sheets.hasBinding(call)).toBe(true);
    // What was computed without knowing its input differs in all of it.
    expect(await statesOf(frame, bound("1"), "n")).toEqual(["stale-input message more", "never"]);
    expect(await statesOf(frame, bound("of another version"), "n")).toEqual(["stale-upstream message", "never"]);
  });
});
