import { z } from "zod";
import { isTruthy, type LanguageValue } from "#server/language/index.ts";
import { defineCellKind, type Item } from "#server/notebook/cell-kind.ts";
import { itemScope } from "#server/notebook/item-scope.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { Hit, Services } from "#server/notebook/services.ts";
import type { Datum, Table } from "#server/notebook/value.ts";
import { computeFields } from "#server/notebook/compute-fields.ts";
import { defaultEmbedding } from "./default-embedding.ts";
import { embeddingEffect } from "./embedding-effect.ts";
import { hitColumns } from "./hit-columns.ts";
import { waitingOn } from "./waiting-on.ts";

const modes = ["semantic", "keyword", "hybrid"] as const;

const configuration = z.strictObject({
  from: z.string(),
  text: z.string().default("text"),
  query: z.string(),
  k: z.number().int().min(1).max(1000).default(5),
  mode: z.enum(modes).default("semantic"),
  filter: z.string().optional(),
  embedding: z.string().default(defaultEmbedding),
});

type Configuration = z.infer<typeof configuration>;

/** The rows of a table nearest to a query, best first. */
export const retrieve = defineCellKind<Configuration>({
  kind: "retrieve",
  version: 2,
  title: "Retrieve",
  description: "The rows of a table nearest to a query.",
  body: "none",
  starter: ({ tables, inputs }) =>
    [
      `from: ${tables[0]?.name ?? "TABLE"}`,
      `text: ${tables[0]?.columns[0] ?? "text"}`,
      `query: ${inputs.length === 0 ? "QUESTION" : `=${inputs[0]}`}`,
    ].join("\n"),
  configuration,
  deferred: ["filter"],
  provides: ["item"],
  fields: [
    { key: "from", label: "From", control: "cell" },
    { key: "text", label: "Text column", control: "text" },
    { key: "query", label: "Query", control: "expression" },
    { key: "k", label: "How many", control: "number" },
    { key: "mode", label: "Mode", control: "choice", options: modes },
    { key: "filter", label: "Filter", control: "expression", help: "Which rows may be found: `=item.year > 2020`." },
    { key: "embedding", label: "Embedding", control: "text" },
  ],
  warmsUp: true,
  effect: ({ configuration }) =>
    configuration.values["mode"] === "keyword" ? "local" : embeddingEffect(configuration),
  embeds({ configuration: { from, text, query, mode, embedding: model }, inputs }) {
    const table = inputs[from];
    if (mode === "keyword" || table?.type !== "table" || query.trim() === "") return [];
    return [
      { type: "column", model, table: table.value, column: text },
      { type: "queries", model, texts: [query] },
    ];
  },
  valueType: () => ({ type: "table" }),
  async *run({ items, signal }, services) {
    for (const group of groupItems(items)) {
      const { table, indexes } = group;
      const first = items[indexes[0]!]!.configuration;
      try {
        // A filter is applied to what is found, so more is asked for: everything, since any row may pass.
        const k = first.filter === undefined ? first.k : table.rowCount;
        const found = await services.nearest({
          table,
          text: first.text,
          queries: indexes.map((index) => items[index]!.configuration.query),
          k,
          mode: first.mode,
          model: first.embedding,
          address: items[indexes[0]!]!.address,
          signal,
        });
        const rows = await rowsOf(found.flat(), table, services);
        for (const [at, index] of indexes.entries()) {
          const value = await hitTable(items[index]!, found[at]!, rows, table, services);
          yield { type: "value", item: index, value: { type: "table", value } };
        }
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        const on = waitingOn(thrown);
        for (const index of indexes)
          yield on === null
            ? { type: "error", item: index, error: toCellError(thrown) }
            : { type: "waiting", item: index, on };
      }
    }
  },
});

/** Items that search the same table in the same way: their queries go out together. */
function groupItems(
  items: readonly Item<Configuration>[],
): readonly { readonly table: Table; readonly indexes: number[] }[] {
  const groups = new Map<string, { table: Table; indexes: number[] }>();
  for (const [index, { configuration, inputs }] of items.entries()) {
    const { query: _, ...search } = configuration;
    const from = inputs[configuration.from];
    if (from?.type !== "table") {
      throw new SheafError("retrieve.no-table", `\`${configuration.from}\` is no table`, {
        cure: "`from:` names a cell whose value is a table.",
      });
    }
    const key = JSON.stringify([from.value.hash, search]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { table: from.value, indexes: [index] });
    else group.indexes.push(index);
  }
  return [...groups.values()];
}

/** The rows that were found, by number. */
async function rowsOf(
  hits: readonly Hit[],
  table: Table,
  services: Services,
): Promise<ReadonlyMap<number, readonly Datum[]>> {
  const rows = new Map<number, readonly Datum[]>();
  const page = 1000;
  for (const start of new Set(hits.map(({ row }) => row - (row % page)))) {
    for (const [index, row] of (await services.rows(table, start, page)).entries()) rows.set(start + index, row);
  }
  return rows;
}

async function hitTable(
  item: Item<Configuration>,
  hits: readonly Hit[],
  rows: ReadonlyMap<number, readonly Datum[]>,
  table: Table,
  services: Services,
): Promise<Table> {
  const { text, filter, k } = item.configuration;
  const names = table.columns.map((column) => column.name);
  const passes =
    filter === undefined
      ? null
      : (source: { readonly [column: string]: Datum }) =>
          computeFields(filter, itemScope(item, { item: source }), () => undefined, "filter");
  const searched = names.indexOf(text);
  const own = hitColumns(table.columns, text);
  const records: { [column: string]: Datum }[] = [];
  for (const { row, score } of hits) {
    if (records.length === k) break;
    const values = rows.get(row)!;
    const source = Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
    if (passes !== null && !isTruthy(passes(source) as LanguageValue)) continue;
    const kept = own.map(({ column, from }) => [column.name, values[from] ?? null] as const);
    records.push({ text: values[searched] ?? null, score, ...Object.fromEntries(kept) });
  }
  return services.table(records, [
    { name: "text", type: "string", sql: "VARCHAR" },
    { name: "score", type: "number", sql: "DOUBLE" },
    ...own.map(({ column }) => column),
  ]);
}
