import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Coordinates } from "#server/notebook/address.ts";
import type { Datum } from "#server/notebook/value.ts";
import { column, computeColumn, nodeOf, overrideOf, reads, resultOf } from "./__fixtures__/compute-column.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";
import type { Frame, NodeSpec, SheetStore, WorkItem } from "./sheet-store.ts";

let workspace: TemporaryTables;
let sheets: SheetStore;
beforeAll(async () => {
  workspace = await temporaryTables();
  sheets = workspace.tables.sheets;
});
afterAll(() => workspace[Symbol.asyncDispose]());

type Row = { readonly [name: string]: Datum };

/** A sheet of its own for each test, keyed by `id`. */
async function open(
  rows: readonly Row[],
  sheet = expect.getState().currentTestName!,
): Promise<Frame & { sheet: string }> {
  const table = await workspace.tables.fromRows(rows);
  return { sheet, ...(await sheets.openFrame({ sheet, table, key: "id", identity: [] })) };
}

const two: readonly Row[] = [
  { id: 1, text: "a", more: "x" },
  { id: 2, text: "b", more: "y" },
];

/** A prompt, and a score that reads it. */
const topic = nodeOf("topic", [column("text")]);
const score = nodeOf("score", [reads("topic"), column("more")]);
const chain = [topic, score];

type Made = Datum | Error;
type Make = (item: WorkItem) => Made;

async function compute(
  frame: Frame & { sheet: string },
  nodes: readonly NodeSpec[],
  make: Make = () => "v",
): Promise<void> {
  for (const { node } of nodes) await computeColumn(sheets, frame.sheet, frame, nodes, node, make);
}

/** States of a node's addresses, `state` or `state: because`. */
async function states(frame: Frame, nodes: readonly NodeSpec[], node: string): Promise<readonly string[]> {
  const found = await sheets.states({ frame: frame.frame, nodes, node, from: 0, to: frame.rowCount });
  const words = found.map(({ freshness, because }) => [freshness, ...because].join(" "));
  const counts: { [state: string]: number } = {};
  for (const { freshness } of found) counts[freshness] = (counts[freshness] ?? 0) + 1;
  const exact = await sheets.freshness({ frame: frame.frame, nodes, node, exact: true });
  const sums: { [state: string]: number } = {};
  for (const { counts: of } of exact)
    for (const [state, count] of Object.entries(of)) sums[state] = (sums[state] ?? 0) + count;
  expect(sums).toEqual(counts);
  return words;
}

const edited = (spec: NodeSpec): NodeSpec => nodeOf(spec.node, spec.inputs, { key: "another key" });

describe("a result is", () => {
  test("never, where there is none", async () => {
    const frame = await open(two);
    expect(await states(frame, chain, "topic")).toEqual(["never", "never"]);
  });

  test("current, where key and inputs are those it was computed at, whatever its outcome", async () => {
    const frame = await open(two);
    await compute(frame, [topic], ({ ordinal }) => (ordinal === 0 ? "v" : new Error("no")));
    expect(await states(frame, chain, "topic")).toEqual(["current", "current"]);
    const [counts] = await sheets.freshness({ frame: frame.frame, nodes: chain, node: "topic", exact: true });
    expect(counts).toEqual({ at: {}, counts: { current: 2 }, outcomes: { ok: 1, error: 1 } });
  });

  test("stale by its key, which is told, where the column was edited, and current again where that is undone", async () => {
    const frame = await open(two);
    await compute(frame, [topic]);
    const nodes = [edited(topic)];
    expect(await states(frame, nodes, "topic")).toEqual(["stale-key", "stale-key"]);
    const [state] = await sheets.states({ frame: frame.frame, nodes, node: "topic", from: 0, to: 1 });
    expect(state).toMatchObject({ storedKey: "topic 1" });
    expect(await states(frame, [topic], "topic")).toEqual(["current", "current"]);
  });

  test("stale by its input, and the column is named, where the row has another value", async () => {
    await compute(await open(two), chain);
    const frame = await open([
      { ...two[0], text: "A" },
      { ...two[1], more: "Y" },
    ]);
    expect(await states(frame, chain, "topic")).toEqual(["stale-input text", "current"]);
    expect(await states(frame, chain, "score")).toEqual(["stale-upstream topic", "stale-input more"]);
  });

  test("stale because of what it reads, by name, where that has no current result", async () => {
    const frame = await open(two);
    await compute(frame, chain);
    expect(await states(frame, [edited(topic), score], "score")).toEqual([
      "stale-upstream topic",
      "stale-upstream topic",
    ]);
  });

  test("stale, by no name of the sheet's, where something outside is stale and so its key is unknown", async () => {
    const frame = await open(two);
    await compute(frame, chain);
    const unknown = nodeOf("topic", topic.inputs, { key: null });
    expect(await states(frame, [unknown, score], "topic")).toEqual(["stale-upstream", "stale-upstream"]);
    expect(await states(frame, [unknown, score], "score")).toEqual(["stale-upstream topic", "stale-upstream topic"]);
  });

  test("stale by its input where what it reads has another value", async () => {
    const frame = await open(two);
    await compute(frame, chain);
    const nodes = [edited(topic), score];
    await computeColumn(sheets, frame.sheet, frame, nodes, "topic", ({ ordinal }) => (ordinal === 0 ? "other" : "v"));
    await sheets.put({
      sheet: frame.sheet,
      node: "topic",
      results: (await sheets.work({ frame: frame.frame, nodes, node: "topic", from: 0, to: 2 })).map((item) =>
        resultOf(item, "another key", { type: "string", value: item.ordinal === 0 ? "other" : "v" }),
      ),
    });
    expect(await states(frame, nodes, "score")).toEqual(["stale-input topic", "current"]);
  });

  test("current where what it reads was computed anew with an equal value: early cut-off", async () => {
    const frame = await open(two);
    await compute(frame, chain);
    const nodes = [edited(topic), score];
    await computeColumn(sheets, frame.sheet, frame, nodes, "topic", () => "v");
    expect(await states(frame, nodes, "topic")).toEqual(["current", "current"]);
    expect(await states(frame, nodes, "score")).toEqual(["current", "current"]);
  });

  test("stale by its input where what it reads failed, was skipped, or had another error", async () => {
    const frame = await open([{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]);
    const nodes = [nodeOf("a", []), nodeOf("b", [reads("a")])];
    const put = async (key: string, values: readonly (string | Error | null)[]): Promise<void> =>
      await sheets.put({
        sheet: frame.sheet,
        node: "a",
        results: (await sheets.work({ frame: frame.frame, nodes, node: "a", from: 0, to: 4 })).map((item, index) => {
          const value = values[index]!;
          return resultOf(item, key, typeof value === "string" ? { type: "string", value } : value);
        }),
      });
    await put("a 1", ["v", "v", new Error("one"), new Error("same")]);
    await computeColumn(sheets, frame.sheet, frame, nodes, "b", () => "seen");
    await put("a 1", [new Error("new"), null, new Error("two"), new Error("same")]);
    expect(await states(frame, nodes, "b")).toEqual(["stale-input a", "stale-input a", "stale-input a", "current"]);
  });
});

describe("an input", () => {
  async function state(
    before: readonly NodeSpec[],
    after: readonly NodeSpec[],
    rows: readonly (readonly Row[])[],
  ): Promise<string> {
    const frame = await open(rows[0]!);
    await compute(frame, before);
    const now = rows[1] === undefined ? frame : await open(rows[1]);
    return (await states(now, after, after.at(-1)!.node))[0]!;
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
    expect(await states(frame, bound("2"), "n")).toEqual(["stale-input message", "current"]);
    await put("3", ["?", { deep: [1n, null] }]);
    await put("4", ["a"]);
    await put("4", [{ deep: [1n, null] }], 1);
    expect(await states(frame, bound("4"), "n")).toEqual(["current", "current"]);
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
    expect(await states(frame, bound("1"), "n")).toEqual(["stale-upstream message", "never"]);
    await sheets.putBinding({ ...call, from: 0, values: ["a"] });
    expect(await sheets.hasBinding(call)).toBe(true);
    // What was computed without knowing its input differs in all of it.
    expect(await states(frame, bound("1"), "n")).toEqual(["stale-input message more", "never"]);
    expect(await states(frame, bound("of another version"), "n")).toEqual(["stale-upstream message", "never"]);
  });
});

describe("a person's value", () => {
  test("settles its address and is what readers read, locked or edited", async () => {
    const frame = await open(two);
    await compute(frame, chain);
    const overrides = [overrideOf("1", "locked", "mine"), overrideOf("2", "edited", "v")];
    await sheets.setOverrides({ sheet: frame.sheet, node: "topic", overrides });
    const nodes = [edited(topic), score];
    expect(await states(frame, nodes, "topic")).toEqual(["locked", "edited"]);
    expect(await states(frame, nodes, "score")).toEqual(["stale-input topic", "current"]);
    const work = await sheets.work({ frame: frame.frame, nodes, node: "score", from: 0, to: 2 });
    expect(work.map(({ upstream }) => JSON.parse(upstream[0]!.value!))).toEqual([
      { type: "string", value: "mine" },
      { type: "string", value: "v" },
    ]);
  });

  test("stands before what is stored, which is there again without it", async () => {
    const frame = await open(two);
    await compute(frame, [topic], () => new Error("no"));
    const call = { frame: frame.frame, node: "topic", variants: [{}], from: 0, to: 2 };
    await sheets.setOverrides({ sheet: frame.sheet, node: "topic", overrides: [overrideOf("1", "edited", "mine")] });
    expect(await sheets.results(call)).toMatchObject([
      { row: "1", override: "edited", outcome: "ok", error: null, key: "topic 1" },
      { row: "2", override: null, outcome: "error", value: null },
    ]);
    for (const exact of [false, true])
      expect(await sheets.freshness({ frame: frame.frame, nodes: [topic], node: "topic", exact })).toEqual([
        { at: {}, counts: { edited: 1, current: 1 }, outcomes: { ok: 1, error: 1 } },
      ]);
    await sheets.setOverrides({ sheet: frame.sheet, node: "topic", overrides: [] });
    expect(await sheets.results(call)).toMatchObject([{ outcome: "error" }, { outcome: "error" }]);
  });

  test("needs no result below it", async () => {
    const frame = await open(two);
    await sheets.setOverrides({ sheet: frame.sheet, node: "topic", overrides: [overrideOf("2", "locked", 5)] });
    expect(await states(frame, chain, "topic")).toEqual(["never", "locked"]);
    const { row, at, value, valueHash } = overrideOf("2", "locked", 5);
    const kept = { row, at, value, valueHash, key: "", input: "", outcome: "ok", error: null, calls: [] };
    const call = { frame: frame.frame, node: "topic", variants: [{}], from: 0, to: 2 };
    expect(await sheets.results(call)).toEqual([{ ...kept, override: "locked" }]);
    const work = await sheets.work({ frame: frame.frame, nodes: chain, node: "score", from: 0, to: 2 });
    expect(work.map(({ input }) => input === null)).toEqual([true, false]);
  });
});

describe("a variant", () => {
  const models = [{ model: "small" }, { model: "big" }];
  const both = models.flatMap((at) => ["0", "5"].map((shots) => ({ ...at, shots })));
  const varied = [
    nodeOf("plain", [column("text")]),
    nodeOf("draft", [reads("plain")], { variants: models }),
    nodeOf("final", [reads("draft", ["model"]), reads("plain")], { variants: both }),
    nodeOf("fixed", [reads("draft", ["model"], { model: "big" })]),
  ];
  const name = ({ at, ordinal }: { at: Coordinates; ordinal: number }): string =>
    `${ordinal}${Object.values(at).join("")}`;

  test("reads the variant with the labels it has, the only one of a node without axes, or the one it fixes", async () => {
    const frame = await open(two);
    await compute(frame, varied, name);
    const work = async (node: string): Promise<readonly unknown[]> =>
      (await sheets.work({ frame: frame.frame, nodes: varied, node, from: 1, to: 2 })).map(({ upstream }) =>
        upstream.map((result) => (JSON.parse(result!.value!) as { value: unknown }).value),
      );
    expect(await work("draft")).toEqual([["1"], ["1"]]);
    expect(await work("final")).toEqual([
      ["1small", "1"],
      ["1small", "1"],
      ["1big", "1"],
      ["1big", "1"],
    ]);
    expect(await work("fixed")).toEqual([["1big"]]);
  });

  test("is stale alone, with what reads it", async () => {
    const frame = await open(two);
    await compute(frame, varied, name);
    const draft = { ...varied[1]!, variants: [{ at: models[0]!, key: "another" }, varied[1]!.variants[1]!] };
    const nodes = [varied[0]!, draft, ...varied.slice(2)];
    const counts = await sheets.freshness({ frame: frame.frame, nodes, node: "final", exact: true });
    expect(counts.map(({ counts }) => counts)).toEqual([
      { "stale-upstream": 2 },
      { "stale-upstream": 2 },
      { current: 2 },
      { current: 2 },
    ]);
    expect(await sheets.freshness({ frame: frame.frame, nodes, node: "final", exact: false })).toEqual(counts);
    expect(await states(frame, nodes, "fixed")).toEqual(["current", "current"]);
  });

  test("is found again whatever the order of its dimensions", async () => {
    const frame = await open(two);
    await compute(frame, varied, name);
    const turned = varied[2]!.variants.map(({ at, key }) => ({
      at: { shots: at["shots"]!, model: at["model"]! },
      key,
    }));
    const nodes = [...varied.slice(0, 2), { ...varied[2]!, variants: turned }];
    expect(new Set(await states(frame, nodes, "final"))).toEqual(new Set(["current"]));
  });

  test("that reads an axis it neither has nor fixes is an error that says how to", async () => {
    const frame = await open(two);
    const nodes = [...varied.slice(0, 2), nodeOf("lost", [reads("draft", ["model"])])];
    await expect(sheets.work({ frame: frame.frame, nodes, node: "lost", from: 0, to: 1 })).rejects.toMatchObject({
      code: "sheet.axis",
      cure: 'Read it as draft.at(model="…").',
    });
  });

  test("that is not among those of what it reads leaves the input unknown", async () => {
    const frame = await open(two);
    const nodes = [
      nodeOf("a", [], { variants: [models[0]!] }),
      nodeOf("b", [reads("a", ["model"])], { variants: models }),
    ];
    await compute(frame, nodes);
    expect(await states(frame, nodes, "b")).toEqual(["current", "never", "current", "never"]);
  });
});

describe("the first answer, from keys alone", () => {
  test("tells stale columns, what reads nothing but stale ones, and what was never computed", async () => {
    const frame = await open([...two, { id: 3, text: "c", more: "z" }]);
    await computeColumn(sheets, frame.sheet, frame, chain, "topic", () => "v", { to: 2 });
    await computeColumn(sheets, frame.sheet, frame, chain, "score", () => "v", { to: 2 });
    const first = async (nodes: readonly NodeSpec[], node: string): Promise<unknown> =>
      (await sheets.freshness({ frame: frame.frame, nodes, node, exact: false }))[0]!.counts;
    expect(await first(chain, "score")).toEqual({ current: 2, never: 1 });
    expect(await first([edited(topic), score], "topic")).toEqual({ "stale-key": 2, never: 1 });
    expect(await first([edited(topic), score], "score")).toEqual({ "stale-upstream": 2, never: 1 });
    expect(await first([topic, edited(score)], "score")).toEqual({ "stale-key": 2, never: 1 });
  });

  test("is counted anew after every change", async () => {
    const frame = await open(two);
    const ask = (exact: boolean): Promise<unknown> =>
      sheets.freshness({ frame: frame.frame, nodes: [topic], node: "topic", exact });
    for (const exact of [false, true]) expect(await ask(exact)).toMatchObject([{ counts: { never: 2 } }]);
    await compute(frame, [topic]);
    for (const exact of [false, true]) expect(await ask(exact)).toMatchObject([{ counts: { current: 2 } }]);
    await sheets.setOverrides({ sheet: frame.sheet, node: "topic", overrides: [overrideOf("1", "locked", 1)] });
    for (const exact of [false, true]) expect(await ask(exact)).toMatchObject([{ counts: { current: 1, locked: 1 } }]);
  });
});

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
    expect(await states(frame, chain, "topic")).toEqual(["never", "never"]);
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

test("nodes that read each other are an error", async () => {
  const frame = await open(two);
  const nodes = [nodeOf("a", [reads("b")]), nodeOf("b", [reads("a")])];
  await expect(sheets.work({ frame: frame.frame, nodes, node: "a", from: 0, to: 1 })).rejects.toThrow("reads itself");
  await expect(sheets.freshness({ frame: frame.frame, nodes, node: "a", exact: true })).rejects.toThrow("reads itself");
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
  expect(new Set(await states(frame, chain, "score"))).toEqual(new Set(["current"]));
});
