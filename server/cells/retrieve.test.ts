import { describe, expect, test } from "vitest";
import type { Item, ItemEvent } from "#server/notebook/cell-kind.ts";
import type { Hit, NearestCall, Services } from "#server/notebook/services.ts";
import type { Column, Datum, Table } from "#server/notebook/value.ts";
import { retrieve } from "./retrieve.ts";

type Row = { readonly [column: string]: Datum };

/** A table with the rows it has, however many. */
function tableOf(names: readonly string[], rows: readonly (readonly Datum[])[]): Table {
  const columns = names.map((name): Column => ({ name, type: "string", sql: "VARCHAR" }));
  return { columns, rowCount: rows.length, hash: "0".repeat(64), rows };
}

/** Runs a cell once a query over one table, whose rows are found in the order `ranked` gives; tells the hits' tables and what was asked. */
async function run(
  table: Table,
  configuration: Record<string, unknown>,
  queries: readonly string[],
  ranked: (query: string, k: number) => readonly Hit[],
) {
  const calls: NearestCall[] = [];
  const services = {
    async nearest(call: NearestCall) {
      calls.push(call);
      const { within } = call;
      if (within === undefined) return call.queries.map((query) => ranked(query, call.k).slice(0, call.k));
      const found = new Set(within);
      const all = (query: string) => ranked(query, table.rowCount).filter(({ row }) => found.has(row));
      return call.queries.map((query) => all(query).slice(0, call.k));
    },
    rows: async (given: Table, offset: number, limit: number) => given.rows!.slice(offset, offset + limit),
    async table(records: readonly Row[], columns: readonly Column[]): Promise<Table> {
      const rows = records.map((record) => columns.map(({ name }) => record[name] ?? null));
      return { columns, rowCount: rows.length, hash: "1".repeat(64), rows };
    },
  } as unknown as Services;
  const items = queries.map((query, index) => ({
    address: { cell: "found", at: { row: String(index) } },
    configuration: { from: "rows", text: "text", k: 5, mode: "keyword", embedding: "m", ...configuration, query },
    inputs: { rows: { type: "table", value: table } },
    row: { query },
    skipped: [],
    results: {},
    covered: {},
    vary: {},
    meta: {},
  })) as unknown as Item<never>[];
  const events: ItemEvent[] = [];
  const batch = { cell: "found", source: "", items, signal: new AbortController().signal };
  for await (const event of retrieve.run(batch, services)) events.push(event);
  events.sort((a, b) => a.item - b.item);
  const tables = events.map((event) =>
    event.type === "value" && event.value.type === "table" ? event.value.value : null,
  );
  return { events, tables, calls };
}

const inOrder = (count: number) => () =>
  Array.from({ length: count }, (_, row): Hit => ({ row, score: 1 / (row + 1) }));

test.each([
  [["Text", "n"], "n", ["row_text", "n"]],
  [["SCORE", "text"], "text", ["row_score"]],
  [["text", "question"], "question", ["row_text", "question"]],
  [["Text", "Row_Text", "row_text_2"], "Text", ["Row_Text", "row_text_2"]],
  [["score", "Row_Text", "TEXT"], "score", ["row_score", "Row_Text", "row_text_2"]],
  [["text", "name"], "text", ["name"]],
])(
  "columns of its own that are called as a hit's are have another name: %j searched by %s",
  async (names, text, own) => {
    const row = names.map((name) => `its ${name}`);
    const { tables } = await run(tableOf(names, [row]), { text }, ["q"], inOrder(1));
    const [found] = tables;
    expect(found!.columns.map(({ name }) => name)).toEqual(["text", "score", ...own]);
    const kept = names.filter((name) => !(name === text && name.toLowerCase() === "text"));
    expect(found!.rows).toEqual([[`its ${text}`, 1, ...kept.map((name) => `its ${name}`)]]);
  },
);

test("a filter reads the row by the names its table has", async () => {
  const table = tableOf(
    ["text", "Score"],
    [
      ["a", "low"],
      ["b", "high"],
    ],
  );
  const { tables } = await run(table, { filter: "=item.Score == 'high'" }, ["q"], inOrder(2));
  expect(tables[0]!.rows).toEqual([["b", 1 / 2, "high"]]);
});

const numbers = (count: number) =>
  tableOf(
    ["text", "n"],
    Array.from({ length: count }, (_, row) => [`row ${row}`, String(row)]),
  );
/** Each query begins at the row it names; three after one another have the same score. */
const turned = (count: number) => (query: string, k: number) =>
  Array.from({ length: Math.min(k, count) }, (_, place): Hit => ({
    row: (place + Number(query)) % count,
    score: 1 / (1 + Math.floor(place / 3)),
  }));

describe("a filter", () => {
  test("may find any row, many queries in parts, as it would for one query alone", async () => {
    const count = 100_000;
    const queries = Array.from({ length: 24 }, (_, index) => String(index));
    // What passes is among the first for one half, and far down for the other.
    const filter =
      "=(item.n | int) - (row.query | int) in ([1, 2, 3, 4] if (row.query | int) % 2 else [5, 100, 101, 200])";
    const { tables, calls } = await run(numbers(count), { filter, k: 3 }, queries, turned(count));
    expect(calls.map(({ queries, k }) => [queries.length, k])).toEqual([
      [24, 30],
      [12, 300],
    ]);
    for (const [index, query] of queries.entries()) {
      const all = turned(count)(query, count);
      const expected = (index % 2 ? [1, 2, 3] : [5, 100, 101]).map((place) => all[place]!);
      expect(tables[index]!.rows).toEqual(expected.map(({ row, score }) => [`row ${row}`, score, String(row)]));
    }
  });

  test("never asks for a million hits at once", async () => {
    const queries = Array.from({ length: 250 }, (_, index) => String(index));
    const { calls } = await run(numbers(2000), { filter: "=true", k: 1000 }, queries, turned(2000));
    expect(calls.map(({ queries, k }) => [queries.length, k])).toEqual([
      [100, 10_000],
      [100, 10_000],
      [50, 10_000],
    ]);
  });

  test("that few rows pass asks for no more than a tenth of all, and then among those rows alone", async () => {
    const filter = "=(item.n | int) % 900 == (row.query | int) % 2";
    const { tables, calls } = await run(numbers(2000), { filter, k: 2 }, ["1", "2"], turned(2000));
    expect(calls.map(({ queries, k, within }) => [queries, k, within && [...within]])).toEqual([
      [["1", "2"], 20, undefined],
      [["1", "2"], 200, undefined],
      [["1"], 2, [1, 901, 1801]],
      [["2"], 2, [0, 900, 1800]],
    ]);
    expect(tables.map((table) => table!.rows!.map(([text]) => text))).toEqual([
      ["row 1", "row 901"],
      ["row 900", "row 1800"],
    ]);
  });

  test("that reads nothing but the row is evaluated once for all queries", async () => {
    const filter = "=(item.n | int) % 1000 == 500";
    const { calls } = await run(numbers(2000), { filter, mode: "hybrid", k: 3 }, ["1", "2"], turned(2000));
    expect(calls.map(({ queries, k, within }) => [queries, k, [...within!]])).toEqual([[["1", "2"], 3, [500, 1500]]]);
  });

  test("with hybrid ranks the rows that pass, and those alone", async () => {
    const filter = "=item.n in ['7', '8', row.query]";
    const { calls } = await run(numbers(1000), { filter, mode: "hybrid", k: 1 }, ["1"], turned(1000));
    expect(calls.map(({ k, within }) => [k, [...within!]])).toEqual([[1, [1, 7, 8]]]);
  });

  test("that fails far down is an error where that row is found, and none where enough come before it", async () => {
    const filter = "=(item.n | int) in [400, 600] or 1 / ((item.n | int) - 500) > 9";
    for (const [from, k, outcome] of [
      ["0", 1, "value"],
      ["0", 2, "error"],
      ["550", 1, "value"],
      ["550", 2, "value"],
      ["450", 1, "error"],
    ] as const) {
      const { events } = await run(numbers(1000), { filter, k }, [from], turned(1000));
      expect([from, k, events.map(({ type }) => type)]).toEqual([from, k, [outcome]]);
    }
  });

  test("is content with fewer where no more are found", async () => {
    const { tables, calls } = await run(numbers(1000), { filter: "=item.n == '2'", k: 5 }, ["1"], inOrder(40));
    expect(tables[0]!.rows).toHaveLength(1);
    expect(calls).toHaveLength(1);
  });

  test("of a table without rows finds nothing", async () => {
    const { tables } = await run(tableOf(["text"], []), { filter: "=true" }, ["q"], () => []);
    expect(tables[0]!.rows).toEqual([]);
  });

  test("that fails is the error of its own query alone", async () => {
    const filter = "=(item.n | int) / (2 - (row.query | int))";
    const { events } = await run(numbers(10), { filter, k: 1 }, ["1", "2", "3"], turned(10));
    expect(events.map(({ type, item }) => [type, item])).toEqual([
      ["value", 0],
      ["error", 1],
      ["value", 2],
    ]);
  });
});

test("without a filter just as many are asked for as are wanted", async () => {
  const { calls } = await run(numbers(1000), { k: 4 }, ["1", "2"], turned(1000));
  expect(calls.map(({ queries, k }) => [queries.length, k])).toEqual([[2, 4]]);
});
