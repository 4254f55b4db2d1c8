import { expect, test } from "vitest";
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
  ranked: (query: string) => readonly Hit[],
) {
  const calls: NearestCall[] = [];
  const services = {
    async nearest(call: NearestCall) {
      calls.push(call);
      return call.queries.map((query) => ranked(query).slice(0, call.k));
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
