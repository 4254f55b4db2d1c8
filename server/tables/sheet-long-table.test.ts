import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CallFacts } from "#server/notebook/services.ts";
import { toValue, type Datum, type Score, type Table, type Value } from "#server/notebook/value.ts";
import { column, nodeOf, overrideOf, reads } from "./__fixtures__/compute-column.ts";
import { openSheet, put, type OpenedSheet, type Row } from "./__fixtures__/open-sheet.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";
import type { NodeSpec, SheetStore } from "./sheet-store.ts";

let workspace: TemporaryTables;
let sheets: SheetStore;
beforeAll(async () => {
  workspace = await temporaryTables();
  sheets = workspace.tables.sheets;
});
afterAll(() => workspace[Symbol.asyncDispose]());

const open = (rows: readonly Row[], sheet?: string): Promise<OpenedSheet> => openSheet(workspace, rows, sheet);

const ids = (count: number): readonly Row[] => Array.from({ length: count }, (_, id) => ({ id }));

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

  test("has the labels of axes whatever they are called", async () => {
    const frame = await open(ids(1));
    const variants = ["Bonn", "Oslo"].map((place) => ({ place, ORDINAL: "2", ordinal: "3" }));
    const nodes = [nodeOf("n", [], { variants })];
    const table = await sheets.longTable({ frame: frame.frame, nodes, node: "n" });
    expect(names(table).slice(1, 4)).toEqual(["place", "ORDINAL", "n_ordinal"]);
    expect(table.rows!.map((row) => row.slice(1, 4))).toEqual([
      ["Bonn", 2, 3],
      ["Oslo", 2, 3],
    ]);
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

  test("has whole numbers of an object that are too great for 64 bits with a sign", async () => {
    expect(await spread(json({ n: 18446744073709551615n, of: [1] }), json({ n: 1 }))).toEqual({
      columns: ["n HUGEINT", "of HUGEINT[]"],
      rows: [
        [18446744073709551615n, [1]],
        [1, null],
      ],
    });
    expect((await spread(json({ n: 9223372036854775807n }))).rows).toEqual([[9223372036854775807n]]);
  });

  test("has the fields that are to be expected also where no object has them, or all have null", async () => {
    const frame = await open(ids(1));
    const nodes = [{ ...nodeOf("n", []), type: { total: "DOUBLE", note: "VARCHAR", vendor: "VARCHAR" } }];
    await put(frame, nodes, "n", () => json({ vendor: "A", total: null }));
    const table = await sheets.longTable({ frame: frame.frame, nodes, node: "n" });
    expect(table.columns.slice(1, -1).map(({ name, sql }) => `${name} ${sql}`)).toEqual([
      "note VARCHAR",
      "total DOUBLE",
      "vendor VARCHAR",
    ]);
    expect(table.rows![0]!.slice(1, -1)).toEqual([null, null, "A"]);
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
    const nodes = [{ ...nodeOf("n", []), checks: [] }];
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
        checks: [],
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
    const none = {
      cost: 0,
      input_tokens: null,
      output_tokens: null,
      latency: null,
      cached: null,
      cut_off: null,
      calls: 0,
      model: null,
    };
    expect(await meta()).toEqual(none);
    expect(await meta(call)).toEqual({
      cost: 0.5,
      input_tokens: 10,
      output_tokens: 2,
      latency: 20,
      cached: true,
      cut_off: false,
      calls: 1,
      model: "m",
    });
    expect(await meta(call, { ...call, usage: { input: 1 }, cached: false, latency: 0.5 })).toEqual({
      cost: 1,
      input_tokens: 11,
      output_tokens: 2,
      latency: 20.5,
      cached: false,
      cut_off: false,
      calls: 2,
      model: "m",
    });
    expect(await meta(call, { ...call, cost: null })).toMatchObject({ cost: null, calls: 2 });
    expect(await meta({ ...call, cutOff: true })).toMatchObject({ cut_off: true });
  });

  test("can be asked by SQL, and no join inflates n", async () => {
    const frame = await open(ids(300));
    const variants = ["0", "5"].map((shots) => ({ shots }));
    const nodes = [nodeOf("text", []), { ...nodeOf("good", [reads("text")], { variants }), checks: [] }];
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
