import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CallFacts } from "#server/notebook/services.ts";
import { toValue, type Datum, type Score, type Value } from "#server/notebook/value.ts";
import { column, nodeOf, overrideOf, resultOf } from "./__fixtures__/compute-column.ts";
import { openSheet, put, type OpenedSheet, type Row } from "./__fixtures__/open-sheet.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";
import type { Aggregate, SheetStore } from "./sheet-store.ts";

let workspace: TemporaryTables;
let sheets: SheetStore;
beforeAll(async () => {
  workspace = await temporaryTables();
  sheets = workspace.tables.sheets;
});
afterAll(() => workspace[Symbol.asyncDispose]());

const open = (rows: readonly Row[], sheet?: string): Promise<OpenedSheet> => openSheet(workspace, rows, sheet);

const ids = (count: number): readonly Row[] => Array.from({ length: count }, (_, id) => ({ id }));

const score = (of: Partial<Score>): Value => ({ type: "score", value: { score: null, pass: null, reason: "", ...of } });
const json = (value: Datum): Value => ({ type: "json", value });

describe("figures over a node", () => {
  const variants = ["small", "big"].map((model) => ({ model }));
  const nodes = [nodeOf("n", [column("id")], { variants })];
  const own = variants.map((at) => [{ node: "n", at }]);

  async function figures(
    values: readonly (Value | Error | null | undefined)[],
    field: string | null = null,
  ): Promise<Aggregate> {
    const frame = await open(ids(values.length));
    await put(frame, nodes, "n", ({ ordinal }) => values[ordinal]);
    return await sheets.aggregate({
      frame: frame.frame,
      nodes,
      node: "n",
      where: { model: "big" },
      field,
      answers: own,
    });
  }

  test("are of current results at the labels asked for, and say how many of how many", async () => {
    const found = await figures([
      score({ score: 1 }),
      score({ score: 0.5 }),
      score({}),
      new Error("no"),
      null,
      undefined,
    ]);
    expect(found).toMatchObject({
      addresses: 6,
      freshness: { current: 5, never: 1 },
      settled: 5,
      outcomes: { ok: 3, error: 1, skipped: 1 },
      unscored: 1,
      present: 2,
      n: 2,
      sum: 1.5,
      mean: 0.75,
      sumOfSquares: 1.25,
      min: 0.5,
      max: 1,
    });
    expect(found.values).toEqual([
      { row: "0", at: { model: "big" }, value: 1, calls: null },
      { row: "1", at: { model: "big" }, value: 0.5, calls: null },
    ]);
  });

  test("of nothing have no mean", async () => {
    expect(await figures([undefined])).toMatchObject({ n: 0, sum: 0, mean: null, min: null, max: null, values: [] });
  });

  test("count numbers as they are, true as 1, false as 0, and nothing else", async () => {
    const found = await figures([
      toValue(3),
      toValue(true),
      toValue(false),
      toValue("4"),
      json({ score: 5 }),
      json([6]),
    ]);
    expect(found).toMatchObject({ settled: 6, unscored: 3, n: 3, sum: 4 });
  });

  test("tell how many values are not null, numbers or not", async () => {
    const values = [toValue("a"), toValue(""), toValue(null), json([]), toValue(0), null, new Error("no"), undefined];
    expect(await figures(values)).toMatchObject({ settled: 7, unscored: 4, n: 1, present: 4 });
    const records = [json({ a: "x" }), json({ a: null }), json({ b: 1 }), json([1]), toValue("text")];
    expect(await figures(records, "a")).toMatchObject({ settled: 5, n: 0, present: 1 });
    const checks = { short: { score: null, pass: null, reason: "" } };
    expect(await figures([score({ score: 1, checks }), score({ score: 1 })], "short")).toMatchObject({ present: 0 });
    expect(await figures([score({ score: 1, reason: "because" })], "reason")).toMatchObject({ n: 0, present: 1 });
  });

  test("tell how many are lists or tables, and where no value has the field asked for, what they have", async () => {
    const table = { columns: [], rowCount: 0, hash: "t" };
    const values = [json([1]), { type: "table", value: table } as const, json({ a: [2], b: 1 }), toValue(3), undefined];
    expect(await figures(values)).toMatchObject({ lists: 2, lacking: null });
    expect(await figures(values, "a")).toMatchObject({ lists: 2, lacking: null });
    expect(await figures([...values.slice(2), null, new Error("no")], "c")).toMatchObject({
      lists: 0,
      lacking: ["a", "b"],
    });
    expect(await figures([toValue(null)], "c")).toMatchObject({ lacking: null });
    const checks = { short: { score: 1, pass: true, reason: "" } };
    expect(await figures([score({ checks })], "short")).toMatchObject({ lacking: null });
    expect((await figures([score({ checks })], "shrt")).lacking).toEqual([
      "checks",
      "pass",
      "reason",
      "score",
      "short",
    ]);
  });

  test("are of a field, of a score's own or one of its checks'", async () => {
    const one = score({ score: 1, pass: true, checks: { short: { score: 0.25, pass: false, reason: "" } } });
    expect(await figures([one], "pass")).toMatchObject({ n: 1, sum: 1 });
    expect(await figures([one], "short")).toMatchObject({ n: 1, sum: 0.25 });
    expect(await figures([json({ "a/b": 2 }), json({ "a/b": "2" })], "a/b")).toMatchObject({
      n: 1,
      sum: 2,
      unscored: 1,
    });
  });

  test("are of a check that is called like a score's own, and could not be scored, none", async () => {
    const checks = { pass: { score: null, pass: null, reason: "" } };
    const one = score({ score: 1, pass: true, checks });
    expect(await figures([one], "pass")).toMatchObject({ n: 0, unscored: 1, present: 0 });
  });

  test("count locked and edited values, and no stale ones", async () => {
    const frame = await open(ids(3));
    await put(frame, nodes, "n", () => toValue(1));
    await sheets.setOverrides({
      sheet: frame.sheet,
      node: "n",
      overrides: [overrideOf("0", "locked", 10, { model: "big" }), overrideOf("1", "edited", 20, { model: "small" })],
    });
    const call = { frame: frame.frame, node: "n", field: null, where: {}, answers: null };
    expect(await sheets.aggregate({ ...call, nodes })).toMatchObject({
      addresses: 6,
      settled: 6,
      n: 6,
      sum: 34,
      values: [],
    });
    const stale = [nodeOf("n", [column("id")], { variants, key: "another" })];
    expect(await sheets.aggregate({ ...call, nodes: stale })).toMatchObject({
      freshness: { "stale-key": 4, locked: 1, edited: 1 },
      settled: 2,
      n: 2,
      sum: 30,
    });
  });

  test("tell the blocked ones that errors alone block from the others, as exact counts do", async () => {
    const frame = await open(ids(4));
    const one = [nodeOf("n", [column("id")])];
    const work = await sheets.work({ frame: frame.frame, nodes: one, node: "n", from: 0, to: 4 });
    const codes = ["cell.blocked-by-error", "cell.blocked", "cell.waiting", "cell.blocked-by-error"];
    const results = work.map((item, index) => ({
      ...resultOf(item, "n 1", new Error("no"), []),
      outcome: "blocked" as const,
      error: JSON.stringify({ code: codes[index], message: "blocked" }),
    }));
    await sheets.put({ sheet: frame.sheet, node: "n", results });
    await sheets.setOverrides({ sheet: frame.sheet, node: "n", overrides: [overrideOf("3", "edited", 7)] });
    const call = { frame: frame.frame, nodes: one, node: "n" };
    const found = await sheets.aggregate({ ...call, where: {}, field: null, answers: null });
    expect(found).toMatchObject({ settled: 4, outcomes: { ok: 1, blocked: 3 }, failed: 1, n: 1 });
    expect(await sheets.freshness({ ...call, exact: true })).toMatchObject([
      { counts: { current: 3, edited: 1 }, outcomes: { ok: 1, blocked: 3 }, failed: 1 },
    ]);
  });

  test("tell rows that share an answer by the calls it came of", async () => {
    const frame = await open(ids(2));
    const call: CallFacts = { key: "same", model: "m", usage: {}, cost: 0, latency: 1, cached: true };
    const read = [...nodes, nodeOf("m", [column("id")])];
    await put(frame, read, "n", () => toValue(1), [call, { ...call, key: "second" }]);
    await put(frame, read, "m", () => toValue(2));
    const figured = { frame: frame.frame, nodes: read, where: {}, field: null } as const;
    const calls = async (node: string, answers: typeof own): Promise<Set<string | null>> =>
      new Set((await sheets.aggregate({ ...figured, node, answers })).values.map((value) => value.calls));
    const ofItself = await calls("n", own);
    expect([ofItself.size, ofItself.has(null)]).toEqual([1, false]);
    expect((await calls("m", [own.flat()])).size).toBe(1);
    expect(await calls("m", [[{ node: "m", at: {} as never }]])).toEqual(new Set([null]));
  });

  test("at a label that is none are an error", async () => {
    const frame = await open(ids(1));
    const call = { frame: frame.frame, nodes, node: "n", where: { model: "huge" }, field: null, answers: null };
    await expect(sheets.aggregate(call)).rejects.toThrow("n has no variant with model=huge");
  });
});
