import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { retrieve } from "#server/cells/retrieve.ts";
import { createVectorSearch } from "#server/models/local/vector-search.ts";
import type { Item, ItemEvent } from "#server/notebook/cell-kind.ts";
import type { NearestCall, Services } from "#server/notebook/services.ts";
import type { Datum, Table } from "#server/notebook/value.ts";
import { createRetrieval, type Retrieval } from "#server/retrieval/retrieval.ts";
import { temporaryTables, type TemporaryTables } from "#server/tables/__fixtures__/temporary-tables.ts";

type Row = { readonly [column: string]: Datum };

const categories = ["card", "rate", "atm", "Refund", "ſ", null];
const words = "card rate euro dollar lost stolen late fee cash limit pin top up".split(" ");
const count = 4000;

let workspace: TemporaryTables;
let retrieval: Retrieval;
let table: Table;

beforeAll(async () => {
  workspace = await temporaryTables();
  const { tables, folders } = workspace;
  retrieval = createRetrieval({
    embeddingModel: (name) => ({ name, identity: { provider: "test" }, effect: "model" }),
    embed: async ({ texts }) => texts.map(vectorOf),
    search: (
      (search) => (request, signal) =>
        search(request, signal ?? new AbortController().signal)
    )(createVectorSearch()),
    rows: (table, offset, limit) => tables.rows(table, offset, limit),
    cacheFolder: folders.cache,
  });
  const rows = Array.from({ length: count }, (_, id) => ({
    id,
    text: id % 17 === 0 ? null : `${word(id)} ${word(id * 7)} ${word(id * 31 + 2)}`,
    category: categories[id % categories.length]!,
    n: id % 13 === 0 ? null : id % 50,
    share: (id % 100) / 8,
    day: `2026-0${1 + (id % 9)}-15`,
  }));
  table = await tables.fromRows(rows);
});
afterAll(async () => {
  retrieval.close();
  await workspace[Symbol.asyncDispose]();
});

function word(number: number): string {
  return words[(number * 2_654_435_761) % words.length]!;
}

/** A unit vector that has something of each word. */
function vectorOf(text: string): Float32Array {
  const vector = Float32Array.from(words, (word, index) => (text.includes(word) ? 1 + index / 100 : 0.01));
  const length = Math.hypot(...vector);
  return vector.map((each) => each / length);
}

/** Runs a cell once for each row of a sheet; tells each one's hits or error, and what was asked of the services. */
async function run(configuration: Row, rows: readonly Row[] = [{ query: "lost card" }]) {
  const asked: { nearest: NearestCall[]; pages: number[]; conditions: string[] } = {
    nearest: [],
    pages: [],
    conditions: [],
  };
  const { tables } = workspace;
  const services = {
    nearest(call: NearestCall) {
      asked.nearest.push(call);
      return retrieval.nearest(call);
    },
    rows(table: Table, offset: number, limit: number) {
      asked.pages.push(offset);
      return tables.rows(table, offset, limit);
    },
    admitted(table: Table, where: string, parameters: { readonly [name: string]: Datum }) {
      asked.conditions.push(where);
      return tables.admitted(table, where, parameters);
    },
    table: (rows: readonly Row[], columns: Table["columns"]) => tables.fromRows(rows, columns),
  } as unknown as Services;
  const items = rows.map((row, index) => ({
    address: { cell: "found", at: { row: String(index) } },
    configuration: {
      from: "rows",
      text: "text",
      k: 5,
      mode: "keyword",
      embedding: "m",
      ...configuration,
      query: row["query"],
    },
    inputs: { rows: { type: "table", value: table }, wanted: { type: "json", value: ["rate", "atm"] } },
    row,
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
  const outcomes: unknown[] = [];
  for (const event of events)
    if (event.type === "error") outcomes.push(`${event.error.code}: ${event.error.message}`);
    else if (event.type === "value" && event.value.type === "table")
      outcomes.push(await tables.rows(event.value.value, 0, count));
  return { outcomes, asked };
}

/** The same filter as SQL has no words for. */
const evaluated = (filter: string): string => `=true if (${filter}) else false`;

const queries = ["lost card", "euro rate", "cash limit late", ""].map((query, index) => ({
  query,
  topic: categories[index]!,
  least: index * 10,
}));

describe.each(["keyword", "semantic", "hybrid"])("hits of %s search with a filter", (mode) => {
  test.each([
    "item.category == 'card'",
    "item.category in wanted and item.n >= 10",
    "item.category == row.topic",
    "item.category != row.topic and item.n < row.least",
    "item.n is none or 3 < item.share <= 4.5",
    "'lost' in item.text and item.category is not none",
    "item.category | lower == 'refund'",
    "item.day >= '2026-05' and item.id % 2 == 0",
    "item.id == 1234 or item.id == 4",
    "item.id * 7 % 1000 == 1",
    "item.category == 'nothing'",
    "item.n > 3 and item.id / item.n > 10",
    "item.n != none and item.id / item.n > 10",
    "item.text.startswith('lost')",
  ])("are those of the filter that is evaluated row by row: %s", async (filter) => {
    const pushed = await run({ filter: `=${filter}`, mode }, queries);
    const slow = await run({ filter: evaluated(filter), mode }, queries);
    expect(pushed.asked.conditions).not.toEqual(filter.startsWith("item.id *") ? [""] : []);
    expect(slow.asked.conditions).toEqual([]);
    expect(pushed.outcomes).toEqual(slow.outcomes);
    for (const { k } of [...pushed.asked.nearest, ...slow.asked.nearest]) expect(k).toBeLessThanOrEqual(count / 10);
  });
});

test.each(["keyword", "semantic"])("with a filter, the scores of %s search are those among all rows", async (mode) => {
  const all = await run({ mode, k: 1000 });
  const hits = (all.outcomes[0] as readonly (readonly Datum[])[]).filter((hit) => hit[3] === "atm");
  const { outcomes } = await run({ mode, k: 20, filter: "=item.category == 'atm'" });
  expect(hits.length).toBeGreaterThan(20);
  expect(outcomes[0]).toEqual(hits.slice(0, 20));
});

test.each(["=item.category == 'atm'", evaluated("item.category == 'atm'")])(
  "with a filter, ranks of hybrid search are among the rows that pass: %s",
  async (filter) => {
    const only = await workspace.tables.query({
      sql: "select * from rows where category = 'atm' order by id",
      tables: { rows: table },
      parameters: {},
    });
    const call = { text: "text", queries: ["lost card"], k: 5, mode: "hybrid", model: "m" } as const;
    const [alone] = await retrieval.nearest({ ...call, table: only });
    const { outcomes } = await run({ mode: "hybrid", filter });
    const scores = (outcomes[0] as readonly (readonly Datum[])[]).map((hit) => hit[1]);
    expect(scores).toHaveLength(5);
    // Words are as rare in few rows as in many only by chance: the ranks of keywords may differ, the first may not.
    expect(scores[0]).toBe(alone![0]!.score);
  },
);

test("a filter that DuckDB decides reads no page but those of its hits, and no hits beyond the wanted", async () => {
  const { outcomes, asked } = await run({ filter: "=item.id in [3, 2500, 2501]", mode: "semantic" });
  expect(outcomes[0]).toHaveLength(3);
  expect(asked.pages.toSorted()).toEqual([0, 2000]);
  expect(asked.nearest.map(({ k, within }) => [k, [...within!]])).toEqual([[5, [3, 2500, 2501]]]);
});

test("what DuckDB does not decide is evaluated on the rows it leaves alone", async () => {
  const filter = "=item.id > 3100 and item.id * 3 % 1000 == 999";
  const { outcomes, asked } = await run({ filter, mode: "hybrid" });
  expect(outcomes[0]).toHaveLength(1);
  expect(new Set(asked.pages)).toEqual(new Set([3000]));
});

test("rows of a sheet that ask for the same are searched together, and DuckDB is asked once for each value", async () => {
  const rows = Array.from({ length: 12 }, (_, index) => ({ query: "lost card", topic: categories[index % 3]! }));
  const { asked } = await run({ filter: "=item.category == row.topic" }, rows);
  expect(asked.conditions).toHaveLength(3);
  expect(asked.nearest.map(({ queries }) => queries.length)).toEqual([4, 4, 4]);
});

test("where nearly every row of a sheet asks for another value, the first hits are looked at before DuckDB is asked", async () => {
  const rows = Array.from({ length: 30 }, (_, id) => ({ query: "lost card", id }));
  const { outcomes, asked } = await run({ filter: "=item.id != row.id" }, rows);
  expect(asked.conditions).toEqual([]);
  expect(asked.nearest).toHaveLength(1);
  for (const hits of outcomes) expect(hits).toHaveLength(5);
});

test("a value that SQL sees otherwise leaves the filter to be evaluated", async () => {
  const odd = await workspace.tables.fromRows(
    Array.from({ length: 200 }, (_, id) => ({ text: "lost card", x: id === 150 ? "NaN" : id })),
    [
      { name: "text", type: "string", sql: "VARCHAR" },
      { name: "x", type: "number", sql: "DOUBLE" },
    ],
  );
  const before = table;
  table = odd;
  try {
    expect((await run({ filter: "=item.x > 195" })).outcomes).toEqual([
      "language.type: in `filter`: a text and a number have no order",
    ]);
    expect((await run({ filter: "=item.x == 195", k: 1 })).outcomes[0]).toHaveLength(1);
    expect((await run({ filter: "=item.x > 195", k: 1, mode: "hybrid" })).outcomes[0]).toEqual(
      (await run({ filter: evaluated("item.x > 195"), k: 1, mode: "hybrid" })).outcomes[0],
    );
  } finally {
    table = before;
  }
});
