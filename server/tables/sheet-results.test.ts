import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { column, computeColumn, nodeOf, overrideOf, reads, resultOf } from "./__fixtures__/compute-column.ts";
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

/** A prompt, and a score that reads it. */
const topic = nodeOf("topic", [column("text")]);
const score = nodeOf("score", [reads("topic"), column("more")]);
const chain = [topic, score];

const edited = (spec: NodeSpec): NodeSpec => nodeOf(spec.node, spec.inputs, { key: "another key" });

describe("results", () => {
  test("are given back as they were put", async () => {
    const frame = await open(two);
    const [item] = await sheets.work({ frame: frame.frame, nodes: chain, node: "topic", from: 0, to: 1 });
    const call = { key: "k", model: "echo/text", usage: { input: 3 }, cost: null, latency: 1.5, cached: false };
    const big = { type: "number", value: 12345678901234567890n } as const;
    const kept = resultOf(item!, "topic 1", big, [call]);
    await sheets.put({ sheet: frame.sheet, node: "topic", results: [kept] });
    const found = await sheets.results({ frame: frame.frame, node: "topic", variants: [{}], from: 0, to: 2 });
    expect(found).toEqual([{ ...kept, override: null }]);
  });

  test("that end in half a character are sorted, searched and made tables of like all others", async () => {
    const frame = await open(two);
    const nodes = [topic];
    const half = "cut \u{1f600}".slice(0, -1);
    await compute(frame, nodes, ({ row }) => (row === "1" ? half : new Error(half)));
    const overrides = [overrideOf("2", "edited", half)];
    const sorted = [{ column: { type: "cell", cell: "topic", at: {} }, descending: false }] as const;
    const view = { filters: [], sort: sorted, search: "cut" };
    for (const of of [[], overrides]) {
      await sheets.setOverrides({ sheet: frame.sheet, node: "topic", overrides: of });
      const call = { frame: frame.frame, nodes, shown: ["topic"], view, hold: false, fresh: true, order: null };
      expect((await sheets.viewRows({ ...call, from: 0, to: 2 })).total).toBe(1 + of.length);
      const { rows } = await sheets.longTable({ frame: frame.frame, nodes, node: "topic" });
      expect(rows![0]).toContain("cut \ufffd");
    }
  });

  test("at one place in one batch count by the last of them", async () => {
    const frame = await open(two);
    const [item] = await sheets.work({ frame: frame.frame, nodes: chain, node: "topic", from: 0, to: 1 });
    const results = ["one", "two"].map((value) => resultOf(item!, "topic 1", { type: "string", value }));
    await sheets.put({ sheet: frame.sheet, node: "topic", results });
    const found = await sheets.results({ frame: frame.frame, node: "topic", variants: [{}], from: 0, to: 2 });
    expect(found.map(({ value }) => value)).toEqual([results[1]!.value]);
  });

  test("of rows that are named, within the range, are all that is worked on", async () => {
    const frame = await open([...two, { id: 3, text: "c", more: "z" }]);
    const range = { frame: frame.frame, nodes: chain, node: "topic", from: 1, to: 3, rows: ["3", "1", "none"] };
    expect((await sheets.work(range)).map(({ row }) => row)).toEqual(["3"]);
    expect(await sheets.states({ ...range, rows: ["1"] })).toEqual([]);
  });

  test("of a row the sheet never had are an error, and none of the batch is kept", async () => {
    const frame = await open(two);
    const items = [
      { row: "1", at: {}, input: null },
      { row: "9", at: {}, input: null },
    ];
    const results = items.map((item) => resultOf(item, "topic 1", null));
    await expect(sheets.put({ sheet: frame.sheet, node: "topic", results })).rejects.toThrow("never had a row 9");
    expect(await statesOf(frame, chain, "topic")).toEqual(["never", "never"]);
  });

  test("are counted by the keys under which they are stored", async () => {
    const frame = await open(two);
    await compute(frame, [topic]);
    await computeColumn(sheets, frame.sheet, frame, [edited(topic)], "topic", () => "v", { to: 1 });
    expect(new Set(await sheets.keys({ sheet: frame.sheet, node: "topic" }))).toEqual(
      new Set([
        { key: "another key", rows: 1 },
        { key: "topic 1", rows: 1 },
      ]),
    );
  });
});

test("results put, read and counted at once are all there in the end", async () => {
  const frame = await open(Array.from({ length: 1000 }, (_, id) => ({ id, text: `t${id}`, more: "x" })));
  const chunks = Array.from({ length: 20 }, (_, index) => ({ from: index * 50, to: index * 50 + 50 }));
  await Promise.all(
    chunks.map(async (range) => {
      for (const { node } of chain) await computeColumn(sheets, frame.sheet, frame, chain, node, () => "v", range);
      const counts = await sheets.freshness({
        frame: frame.frame,
        nodes: chain,
        node: "score",
        exact: range.from % 100 === 0,
      });
      expect(counts[0]!.counts.current).toBeGreaterThanOrEqual(50);
    }),
  );
  expect(new Set(await statesOf(frame, chain, "score"))).toEqual(new Set(["current"]));
});
