import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Coordinates } from "#server/notebook/address.ts";
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

describe("a result is", () => {
  test("never, where there is none", async () => {
    const frame = await open(two);
    expect(await statesOf(frame, chain, "topic")).toEqual(["never", "never"]);
  });

  test("current, where key and inputs are those it was computed at, whatever its outcome", async () => {
    const frame = await open(two);
    await compute(frame, [topic], ({ ordinal }) => (ordinal === 0 ? "v" : new Error("no")));
    expect(await statesOf(frame, chain, "topic")).toEqual(["current", "current"]);
    const [counts] = await sheets.freshness({ frame: frame.frame, nodes: chain, node: "topic", exact: true });
    const outcomes = { ok: 1, error: 1 };
    expect(counts).toEqual({ at: {}, counts: { current: 2 }, outcomes, settled: outcomes, failed: 0 });
  });

  test("stale by its key, which is told, where the column was edited, and current again where that is undone", async () => {
    const frame = await open(two);
    await compute(frame, [topic]);
    const nodes = [edited(topic)];
    expect(await statesOf(frame, nodes, "topic")).toEqual(["stale-key", "stale-key"]);
    const [state] = await sheets.states({ frame: frame.frame, nodes, node: "topic", from: 0, to: 1 });
    expect(state).toMatchObject({ storedKey: "topic 1" });
    expect(await statesOf(frame, [topic], "topic")).toEqual(["current", "current"]);
  });

  test("a current error, which is counted apart from a stale one", async () => {
    const frame = await open(two);
    await compute(frame, [topic], () => new Error("no"));
    for (const exact of [false, true])
      for (const [nodes, counts, settled] of [
        [[topic], { current: 2 }, { error: 2 }],
        [[edited(topic)], { "stale-key": 2 }, {}],
      ] as const)
        expect(await sheets.freshness({ frame: frame.frame, nodes, node: "topic", exact })).toEqual([
          { at: {}, counts, outcomes: { error: 2 }, settled, failed: 0 },
        ]);
  });

  test("stale by its input, and the column is named, where the row has another value", async () => {
    await compute(await open(two), chain);
    const frame = await open([
      { ...two[0], text: "A" },
      { ...two[1], more: "Y" },
    ]);
    expect(await statesOf(frame, chain, "topic")).toEqual(["stale-input text", "current"]);
    expect(await statesOf(frame, chain, "score")).toEqual(["stale-upstream topic", "stale-input more"]);
  });

  test("stale because of what it reads, by name, where that has no current result", async () => {
    const frame = await open(two);
    await compute(frame, chain);
    expect(await statesOf(frame, [edited(topic), score], "score")).toEqual([
      "stale-upstream topic",
      "stale-upstream topic",
    ]);
  });

  test("stale, by no name of the sheet's, where something outside is stale and so its key is unknown", async () => {
    const frame = await open(two);
    await compute(frame, chain);
    const unknown = nodeOf("topic", topic.inputs, { key: null });
    expect(await statesOf(frame, [unknown, score], "topic")).toEqual(["stale-upstream", "stale-upstream"]);
    expect(await statesOf(frame, [unknown, score], "score")).toEqual(["stale-upstream topic", "stale-upstream topic"]);
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
    expect(await statesOf(frame, nodes, "score")).toEqual(["stale-input topic", "current"]);
  });

  test("current where what it reads was computed anew with an equal value: early cut-off", async () => {
    const frame = await open(two);
    await compute(frame, chain);
    const nodes = [edited(topic), score];
    await computeColumn(sheets, frame.sheet, frame, nodes, "topic", () => "v");
    expect(await statesOf(frame, nodes, "topic")).toEqual(["current", "current"]);
    expect(await statesOf(frame, nodes, "score")).toEqual(["current", "current"]);
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
    expect(await statesOf(frame, nodes, "b")).toEqual(["stale-input a", "stale-input a", "stale-input a", "current"]);
  });
});

describe("a person's value", () => {
  test("settles its address and is what readers read, locked or edited", async () => {
    const frame = await open(two);
    await compute(frame, chain);
    const overrides = [overrideOf("1", "locked", "mine"), overrideOf("2", "edited", "v")];
    await sheets.setOverrides({ sheet: frame.sheet, node: "topic", overrides });
    const nodes = [edited(topic), score];
    expect(await statesOf(frame, nodes, "topic")).toEqual(["locked", "edited"]);
    expect(await statesOf(frame, nodes, "score")).toEqual(["stale-input topic", "current"]);
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
        {
          at: {},
          counts: { edited: 1, current: 1 },
          outcomes: { ok: 1, error: 1 },
          settled: { ok: 1, error: 1 },
          failed: 0,
        },
      ]);
    await sheets.setOverrides({ sheet: frame.sheet, node: "topic", overrides: [] });
    expect(await sheets.results(call)).toMatchObject([{ outcome: "error" }, { outcome: "error" }]);
  });

  test("needs no result below it", async () => {
    const frame = await open(two);
    await sheets.setOverrides({ sheet: frame.sheet, node: "topic", overrides: [overrideOf("2", "locked", 5)] });
    expect(await statesOf(frame, chain, "topic")).toEqual(["never", "locked"]);
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
    expect(await statesOf(frame, nodes, "fixed")).toEqual(["current", "current"]);
  });

  test("is found again whatever the order of its dimensions", async () => {
    const frame = await open(two);
    await compute(frame, varied, name);
    const turned = varied[2]!.variants.map(({ at, key }) => ({
      at: { shots: at["shots"]!, model: at["model"]! },
      key,
    }));
    const nodes = [...varied.slice(0, 2), { ...varied[2]!, variants: turned }];
    expect(new Set(await statesOf(frame, nodes, "final"))).toEqual(new Set(["current"]));
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
    expect(await statesOf(frame, nodes, "b")).toEqual(["current", "never", "current", "never"]);
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

test("nodes that read each other are an error", async () => {
  const frame = await open(two);
  const nodes = [nodeOf("a", [reads("b")]), nodeOf("b", [reads("a")])];
  await expect(sheets.work({ frame: frame.frame, nodes, node: "a", from: 0, to: 1 })).rejects.toThrow("reads itself");
  await expect(sheets.freshness({ frame: frame.frame, nodes, node: "a", exact: true })).rejects.toThrow("reads itself");
});
