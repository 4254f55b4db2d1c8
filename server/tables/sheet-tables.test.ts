import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CallFacts } from "#server/notebook/services.ts";
import { toValue, type Datum, type Score, type Table, type Value } from "#server/notebook/value.ts";
import { column, nodeOf, overrideOf, reads, resultOf } from "./__fixtures__/compute-column.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";
import type { Aggregate, Frame, NodeSpec, SheetStore, StoredResult, WorkItem } from "./sheet-store.ts";

let workspace: TemporaryTables;
let sheets: SheetStore;
beforeAll(async () => {
  workspace = await temporaryTables();
  sheets = workspace.tables.sheets;
});
afterAll(() => workspace[Symbol.asyncDispose]());

type Row = { readonly [name: string]: Datum };
type Opened = Frame & { readonly sheet: string };

async function open(rows: readonly Row[], sheet = expect.getState().currentTestName!): Promise<Opened> {
  const table = await workspace.tables.fromRows(rows);
  return { sheet, ...(await sheets.openFrame({ sheet, table, key: "id", identity: [] })) };
}

const ids = (count: number): readonly Row[] => Array.from({ length: count }, (_, id) => ({ id }));

/** Puts a result for every address of a node; undefined leaves it without. */
async function put(
  frame: Opened,
  nodes: readonly NodeSpec[],
  node: string,
  value: (item: WorkItem, index: number) => Value | Error | null | undefined,
  calls: StoredResult["calls"] = [],
): Promise<void> {
  const work = await sheets.work({ frame: frame.frame, nodes, node, from: 0, to: frame.rowCount });
  const results = work.flatMap((item, index) => {
    const made = value(item, index);
    return made === undefined ? [] : [resultOf(item, `${node} 1`, made, calls)];
  });
  await sheets.put({ sheet: frame.sheet, node, results });
}

/** The long table of one node whose values are these, without the row's column and `meta`: names with types, and records. */
async function spread(
  ...values: readonly (Value | null)[]
): Promise<{ columns: readonly string[]; rows: readonly unknown[] }> {
  const frame = await open(ids(values.length), `${expect.getState().currentTestName!} ${spreads++}`);
  const nodes = [nodeOf("n", [])];
  await put(frame, nodes, "n", ({ ordinal }) => values[ordinal]);
  const table = await sheets.longTable({ frame: frame.frame, nodes, node: "n" });
  const kept = table.columns.slice(1, -1);
  return { columns: kept.map(({ name, sql }) => `${name} ${sql}`), rows: table.rows!.map((row) => row.slice(1, -1)) };
}
let spreads = 0;

const names = ({ columns }: Table): readonly string[] => columns.map(({ name }) => name);
const score = (of: Partial<Score>): Value => ({ type: "score", value: { score: null, pass: null, reason: "", ...of } });
const json = (value: Datum): Value => ({ type: "json", value });

describe("the table of a node", () => {
  test("has a record an address: row, axes, value, what it reads and facts", async () => {
    const frame = await open([{ id: 7, text: "a" }]);
    const models = ["small", "big"].map((model) => ({ model }));
    const nodes = [
      nodeOf("topic", [column("text")], { variants: models }),
      nodeOf("length", [reads("topic", ["model"])], {
        variants: models.flatMap((at) => ["0", "1"].map((repeat) => ({ ...at, repeat }))),
      }),
    ];
    await put(frame, nodes, "topic", ({ at }) => toValue(at["model"]));
    await put(frame, nodes, "length", (_, index) => toValue(index));
    const table = await sheets.longTable({ frame: frame.frame, nodes, node: "length" });
    expect(names(table)).toEqual(["id", "text", "model", "repeat", "length", "topic", "meta"]);
    expect(table.rows!.map((row) => row.slice(0, -1))).toEqual([
      [7, "a", "small", 0, 0, "small"],
      [7, "a", "small", 1, 1, "small"],
      [7, "a", "big", 0, 2, "big"],
      [7, "a", "big", 1, 3, "big"],
    ]);
  });

  test.each([
    [["0", "5"], "BIGINT"],
    [["-1", "0.5"], "DOUBLE"],
    [["0", "five"], "VARCHAR"],
    [["007", "1"], "VARCHAR"],
    [["1e3", "1"], "VARCHAR"],
    [["12345678901234567890"], "VARCHAR"],
  ])("has labels %j as %s", async (labels, type) => {
    const frame = await open(ids(1));
    const nodes = [nodeOf("n", [], { variants: labels.map((shots) => ({ shots })) })];
    const table = await sheets.longTable({ frame: frame.frame, nodes, node: "n" });
    expect(table.columns[1]).toMatchObject({ name: "shots", sql: type });
    expect(table.rows!.map((row) => String(row[1]))).toEqual(labels);
  });

  test("has a plain value under the node's name", async () => {
    expect(await spread(toValue("a"), toValue(""))).toEqual({ columns: ["n VARCHAR"], rows: [["a"], [""]] });
    expect(await spread(toValue(1), toValue(-2n))).toEqual({ columns: ["n BIGINT"], rows: [[1], [-2]] });
    expect(await spread(toValue(1), toValue(0.5))).toEqual({ columns: ["n DOUBLE"], rows: [[1], [0.5]] });
    expect(await spread(toValue(true), toValue(null))).toEqual({ columns: ["n BOOLEAN"], rows: [[true], [null]] });
    expect(await spread(toValue(12345678901234567890n))).toEqual({
      columns: ["n DOUBLE"],
      rows: [[12345678901234567000]],
    });
  });

  test("has values of several types, and lists, as what they are", async () => {
    expect(await spread(toValue(1), toValue("1"), toValue(null))).toEqual({
      columns: ["n JSON"],
      rows: [[1], ["1"], [null]],
    });
    expect(await spread(json([1, 2]), json([]))).toEqual({ columns: ["n BIGINT[]"], rows: [[[1, 2]], [[]]] });
  });

  test("has an object's fields as columns, null where it has none", async () => {
    const found = await spread(
      json({ vendor: "A & B", total: 3, "a/b~c": true, lines: [{ n: 1 }] }),
      json({ total: 2.5, vendor: null, nothing: null }),
    );
    expect(found).toEqual({
      columns: ["a/b~c BOOLEAN", 'lines STRUCT("n" BIGINT)[]', "nothing JSON", "total DOUBLE", "vendor VARCHAR"],
      rows: [
        [true, [{ n: 1 }], null, 3, "A & B"],
        [null, null, null, 2.5, null],
      ],
    });
  });

  test("has objects whose names SQL cannot tell apart as JSON", async () => {
    expect(await spread(json({ a: 1, A: 2 }))).toEqual({ columns: ["n JSON"], rows: [[{ a: 1, A: 2 }]] });
    expect(await spread(json({ a: { b: 1, B: 2 } }))).toEqual({ columns: ["a JSON"], rows: [[{ b: 1, B: 2 }]] });
  });

  test("has a score as score, pass, reason, and a score for each check", async () => {
    const check = (of: number | null): Score => ({ score: of, pass: null, reason: "" });
    const found = await spread(
      score({ score: 0.5, pass: true, reason: "r", checks: { "it's short": check(1), score: check(0) } }),
      score({ reason: "no label" }),
    );
    expect(found).toEqual({
      columns: ["score DOUBLE", "pass BOOLEAN", "reason VARCHAR", "it's short DOUBLE", "check_score DOUBLE"],
      rows: [
        [0.5, true, "r", 1, 0],
        [null, null, "no label", null, null],
      ],
    });
  });

  test("has a score's columns before there is one, where the node is known to give scores", async () => {
    const frame = await open(ids(1));
    const nodes = [{ ...nodeOf("n", []), scored: true }];
    expect(names(await sheets.longTable({ frame: frame.frame, nodes, node: "n" }))).toEqual([
      "id",
      "score",
      "pass",
      "reason",
      "meta",
    ]);
  });

  test("prefixes a name that is taken with the node's, and numbers it where that is taken as well", async () => {
    const frame = await open([{ id: 1, Model: "m", score: 2, meta: 3, n_meta: 4, text: 5 }]);
    const model = { model: "x" };
    const nodes = [
      nodeOf("text", [], { variants: [model] }),
      {
        ...nodeOf("n", [reads("text", ["model"]), reads("text", ["model"], model)], { variants: [model] }),
        scored: true,
      },
    ];
    const table = await sheets.longTable({ frame: frame.frame, nodes, node: "n" });
    expect(names(table)).toEqual(
      [
        ["id", "Model", "score", "meta", "n_meta", "text"],
        ["n_model", "n_score", "pass", "reason", "n_text", "n_text_2", "n_meta_2"],
      ].flat(),
    );
    expect(table.rows![0]!.slice(0, 7)).toEqual([1, "m", 2, 3, 4, 5, "x"]);
  });

  test("has of what is stale, failed or missing the state alone", async () => {
    const frame = await open(ids(4));
    const nodes = [nodeOf("n", [])];
    const values = [toValue("v"), new Error("no"), null, undefined];
    await put(frame, nodes, "n", ({ ordinal }) => values[ordinal]);
    const meta = async (specs: readonly NodeSpec[]): Promise<readonly unknown[]> => {
      const table = await sheets.longTable({ frame: frame.frame, nodes: specs, node: "n" });
      return table.rows!.map(([, value, facts]) => {
        const { state, outcome, error } = facts as { [fact: string]: Datum };
        return [value, state, outcome, error];
      });
    };
    expect(await meta(nodes)).toEqual([
      ["v", "current", "ok", null],
      [null, "current", "error", "no"],
      [null, "current", "skipped", null],
      [null, "never", null, null],
    ]);
    expect(await meta([nodeOf("n", [], { key: "another" })])).toEqual([
      ...[0, 1, 2].map(() => [null, "stale-key", null, null]),
      [null, "never", null, null],
    ]);
    await sheets.setOverrides({ sheet: frame.sheet, node: "n", overrides: [overrideOf("1", "locked", "mine")] });
    expect((await meta([nodeOf("n", [], { key: "another" })]))[1]).toEqual(["mine", "locked", "ok", null]);
  });

  test("adds up the facts of its calls; a cost is null where one has no price, 0 where there was no call", async () => {
    const call: CallFacts = {
      key: "k",
      model: "m",
      usage: { input: 10, output: 2 },
      cost: 0.5,
      latency: 20,
      cached: true,
    };
    const meta = async (...calls: readonly CallFacts[]): Promise<unknown> => {
      const frame = await open(ids(1), `calls ${calls.length} ${JSON.stringify(calls)}`);
      const nodes = [nodeOf("n", [])];
      await put(frame, nodes, "n", () => toValue("v"), calls);
      const {
        state: _state,
        outcome: _outcome,
        error: _error,
        ...facts
      } = (await sheets.longTable({ frame: frame.frame, nodes, node: "n" })).rows![0]!.at(-1) as Row;
      return facts;
    };
    const none = { cost: 0, input_tokens: null, output_tokens: null, latency: null, cached: null, calls: 0 };
    expect(await meta()).toEqual(none);
    expect(await meta(call)).toEqual({
      cost: 0.5,
      input_tokens: 10,
      output_tokens: 2,
      latency: 20,
      cached: true,
      calls: 1,
    });
    expect(await meta(call, { ...call, usage: { input: 1 }, cached: false, latency: 0.5 })).toEqual({
      cost: 1,
      input_tokens: 11,
      output_tokens: 2,
      latency: 20.5,
      cached: false,
      calls: 2,
    });
    expect(await meta(call, { ...call, cost: null })).toMatchObject({ cost: null, calls: 2 });
  });

  test("can be asked by SQL, and no join inflates n", async () => {
    const frame = await open(ids(300));
    const variants = ["0", "5"].map((shots) => ({ shots }));
    const nodes = [nodeOf("text", []), { ...nodeOf("good", [reads("text")], { variants }), scored: true }];
    await put(frame, nodes, "text", ({ ordinal }) => toValue(`t${ordinal}`));
    await put(frame, nodes, "good", ({ at, ordinal }) => score({ score: at["shots"] === "5" ? 1 : ordinal % 2 }));
    const table = await sheets.longTable({ frame: frame.frame, nodes, node: "good" });
    const answer = await workspace.tables.query({
      sql: "select shots, avg(score) as score, count(*) as n from good where shots >= 0 group by all order by all",
      tables: { good: table },
      parameters: {},
    });
    expect(answer.rows).toEqual([
      [0, 0.5, 300],
      [5, 1, 300],
    ]);
  });
});

describe("the table of a sheet", () => {
  const models = ["small", "big"].map((model) => ({ model }));
  const nodes = [
    nodeOf("topic", [column("text")], { variants: models }),
    { ...nodeOf("correct", [reads("topic", ["model"], models[1]!)]), scored: true },
  ];
  const columns = [
    { node: "topic", at: models[1]! },
    { node: "correct", at: {} },
  ];

  async function filled(rows: readonly Row[]): Promise<Opened> {
    const frame = await open(rows);
    await put(frame, nodes, "topic", ({ at, ordinal }) => toValue(`${at["model"]} ${ordinal}`));
    await put(frame, nodes, "correct", ({ ordinal }) => score({ score: ordinal }));
    return frame;
  }

  test("has a record a row: its columns, then each node at its variant; a score as a struct", async () => {
    const frame = await filled([
      { id: 1, text: "a" },
      { id: 2, text: null },
    ]);
    const table = await sheets.wideTable({ frame: frame.frame, nodes, columns });
    expect(names(table)).toEqual(["id", "text", "topic", "correct"]);
    expect(table.rows).toEqual([
      [1, "a", "big 0", { score: 0, pass: null, reason: "" }],
      [2, null, "big 1", { score: 1, pass: null, reason: "" }],
    ]);
    await expect(sheets.wideTable({ frame: frame.frame, nodes, columns: [{ node: "topic", at: {} }] })).rejects.toThrow(
      "topic has no variant",
    );
  });

  test("has nothing of what is stale", async () => {
    const frame = await filled([{ id: 1, text: "a" }]);
    const stale = [nodeOf("topic", [column("text")], { variants: models, key: "another" }), nodes[1]!];
    const table = await sheets.wideTable({ frame: frame.frame, nodes: stale, columns });
    expect(table.rows).toEqual([[1, "a", null, null]]);
  });

  test("has a column of the rows before a node of the same name", async () => {
    const frame = await filled([{ id: 1, text: "a", TOPIC: "row's" }]);
    expect(names(await sheets.wideTable({ frame: frame.frame, nodes, columns }))).toEqual([
      "id",
      "text",
      "TOPIC",
      "topic_topic",
      "correct",
    ]);
  });

  test("has equal bytes for equal content, in whatever order it came to be", async () => {
    const rows = Array.from({ length: 3000 }, (_, id) => ({ id, text: `t${id % 7}` }));
    const frames = [await open(rows, "bytes 1"), await open(rows, "bytes 2")];
    const chunks = [0, 1000, 2000];
    for (const [index, frame] of frames.entries()) {
      for (const node of ["topic", "correct"])
        for (const from of index === 0 ? chunks : chunks.toReversed()) {
          const work = await sheets.work({ frame: frame.frame, nodes, node, from, to: from + 1000 });
          const made = work.map((item) =>
            resultOf(item, `${node} 1`, node === "topic" ? toValue(item.ordinal / 7) : score({ score: 1 })),
          );
          await sheets.put({ sheet: frame.sheet, node, results: index === 0 ? made : made.toReversed() });
        }
    }
    for (const make of [
      (frame: string) => sheets.wideTable({ frame, nodes, columns }),
      (frame: string) => sheets.longTable({ frame, nodes, node: "topic" }),
    ]) {
      const [one, two] = [await make(frames[0]!.frame), await make(frames[1]!.frame)];
      expect(one!.hash).toBe(two!.hash);
      expect(one!.rows).toBeUndefined();
      expect((await readFile(join(workspace.folders.files, `${one!.hash}.parquet`))).subarray(0, 4).toString()).toBe(
        "PAR1",
      );
    }
  });

  test("of no rows is empty, and knows its columns", async () => {
    const table = await workspace.tables.fromRows([], [{ name: "text", type: "string", sql: "VARCHAR" }]);
    const { frame } = await sheets.openFrame({ sheet: "no rows", table, key: null, identity: ["text"] });
    expect(await sheets.wideTable({ frame, nodes, columns })).toMatchObject({ rowCount: 0 });
    expect(names(await sheets.wideTable({ frame, nodes, columns }))).toEqual(["text", "topic", "correct"]);
    expect(await sheets.longTable({ frame, nodes, node: "correct" })).toMatchObject({ rowCount: 0 });
  });
});

describe("figures over a node", () => {
  const variants = ["small", "big"].map((model) => ({ model }));
  const nodes = [nodeOf("n", [column("id")], { variants })];

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
      values: true,
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
      n: 2,
      sum: 1.5,
      mean: 0.75,
      sumOfSquares: 1.25,
      min: 0.5,
      max: 1,
    });
    expect(found.values).toEqual([
      { row: "0", at: { model: "big" }, value: 1, cluster: "0" },
      { row: "1", at: { model: "big" }, value: 0.5, cluster: "1" },
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

  test("count locked and edited values, and no stale ones", async () => {
    const frame = await open(ids(3));
    await put(frame, nodes, "n", () => toValue(1));
    await sheets.setOverrides({
      sheet: frame.sheet,
      node: "n",
      overrides: [overrideOf("0", "locked", 10, { model: "big" }), overrideOf("1", "edited", 20, { model: "small" })],
    });
    const call = { frame: frame.frame, node: "n", field: null, where: {} };
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

  test("tell rows that share an answer by their calls", async () => {
    const frame = await open(ids(2));
    const call: CallFacts = { key: "same", model: "m", usage: {}, cost: 0, latency: 1, cached: true };
    await put(frame, nodes, "n", () => toValue(1), [call, { ...call, key: "second" }]);
    const found = await sheets.aggregate({
      frame: frame.frame,
      nodes,
      node: "n",
      where: {},
      field: null,
      values: true,
    });
    expect(new Set(found.values.map(({ cluster }) => cluster))).toEqual(new Set(["same second"]));
  });

  test("at a label that is none are an error", async () => {
    const frame = await open(ids(1));
    const call = { frame: frame.frame, nodes, node: "n", where: { model: "huge" }, field: null };
    await expect(sheets.aggregate(call)).rejects.toThrow("n has no variant with model=huge");
  });
});
