import { z } from "zod";
import { defineCellKind, type Item, type ItemEvent } from "#server/notebook/cell-kind.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { CallFacts, Hit, Services } from "#server/notebook/services.ts";
import type { Column, Datum, Table } from "#server/notebook/value.ts";
import { atSetting } from "./at-setting.ts";
import { defaultEmbedding } from "./default-embedding.ts";
import { eachConcurrently } from "./each-concurrently.ts";
import { embeddingEffect } from "./embedding-effect.ts";
import { filteredSearches, rowFilter, rowsAPage } from "./filtered-searches.ts";
import { hitColumns } from "./hit-columns.ts";
import { planReranks } from "./plan-reranks.ts";
import { failedRerank, rerankHits, rerankServices, type Found, type RerankServices } from "./rerank-hits.ts";
import { columnsOfHits, isSet, rerankSetting, withHitsNeeded } from "./rerank-setting.ts";
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
  rerank: rerankSetting,
});

type Configuration = z.infer<typeof configuration>;
type Row = { readonly [column: string]: Datum };

/** The rows of a table nearest to a query, best first. */
export const retrieve = defineCellKind<Configuration>({
  kind: "retrieve",
  version: 3,
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
    {
      key: "rerank",
      label: "Rerank by",
      control: "model",
      help: "A second model that puts the best hits in a better order: one that embeds, or one that answers; `{ model: NAME, of: 20 }` says how many.",
    },
  ],
  warmsUp: true,
  effect: ({ configuration }) =>
    configuration.values["mode"] === "keyword" ? "local" : embeddingEffect(configuration),
  embeds({ configuration: { from, text, query, mode, embedding: model }, inputs }) {
    const table = inputs[from];
    if (mode === "keyword" || table?.type !== "table" || query.trim() === "") return [];
    // The search is an error before anything is embedded for it.
    if (table.value.columns.every(({ name }) => name !== text)) return [];
    return [
      { type: "column", model, table: table.value, column: text },
      { type: "queries", model, texts: [query] },
    ];
  },
  planBatch: (items, services) =>
    planReranks(items, services, (asked) => searchAll(asked, new AbortController().signal, services)),
  valueType: () => ({ type: "table" }),
  async *run({ items, signal }, services) {
    const reranking = rerankServices(services, signal);
    const found: Found[] = [];
    for await (const event of searchAll(items, signal, services)) {
      if (event.type !== "found") yield event;
      else if (!isSet(items[event.item]!.configuration.rerank)) yield ended(event, items, reranking);
      else found.push(event);
    }
    yield* eachConcurrently(found.length, async (index, emit: (event: ItemEvent) => void) =>
      emit(await ended(found[index]!, items, reranking)),
    );
  },
});

async function* searchGroup(
  group: Group,
  items: readonly Item<Configuration>[],
  signal: AbortSignal,
  services: Services,
): AsyncGenerator<ItemEvent | Found> {
  const { table, indexes } = group;
  const { configuration } = items[indexes[0]!]!;
  const { text, mode, filter, embedding: model } = configuration;
  const hit = columnsOfHits(configuration);
  const own = hitColumns(table.columns, text, hit);
  const columns: readonly Column[] = [...hit, ...own.map(({ column }) => column)];
  const rows = new Map<number, readonly Datum[]>();
  const left = new Set(indexes);
  try {
    for await (const { indexes: part, k, ...within } of filteredSearches(group, items, left, services, signal)) {
      const queries = part.map((index) => items[index]!.configuration.query);
      const [address, ...others] = part.map((index) => items[index]!.address);
      const asked = { address: address!, others };
      const found = await services.nearest({ table, text, queries, k, mode, model, ...asked, signal, ...within });
      await readRows(rows, found, table, services);
      for (const [at, index] of part.entries()) {
        const item = items[index]!;
        const areAll = found[at]!.length < k || k >= table.rowCount;
        try {
          const records = hitRecords(item, found[at]!, rows, table, own);
          if (records.length < item.configuration.k && filter !== undefined && !areAll) continue;
          yield { type: "found", item: index, hits: records, columns };
        } catch (thrown) {
          yield failure(thrown, index, signal);
        }
        left.delete(index);
      }
    }
  } catch (thrown) {
    for (const index of left) yield failure(thrown, index, signal);
  }
}

function failure(thrown: unknown, item: number, signal: AbortSignal): ItemEvent {
  if (signal.aborted) throw thrown;
  const on = waitingOn(thrown);
  return on === null ? { type: "error", item, error: atSetting(toCellError(thrown)) } : { type: "waiting", item, on };
}

/** Items that search the same table in the same way: their queries go out together. */
interface Group {
  readonly table: Table;
  readonly indexes: number[];
}

function groupItems(items: readonly Item<Configuration>[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const [index, { configuration, inputs }] of items.entries()) {
    const { query: _, ...search } = configuration;
    const from = inputs[configuration.from];
    if (from?.type !== "table") {
      throw new SheafError("retrieve.no-table", `\`${configuration.from}\` is no table`, {
        cure: "`from:` names a cell whose value is a table.",
        field: "from",
      });
    }
    const key = JSON.stringify([from.value.hash, search]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { table: from.value, indexes: [index] });
    else group.indexes.push(index);
  }
  return [...groups.values()];
}

/** Reads those rows that were found, by number, and are not read yet; no others are kept. */
async function readRows(
  rows: Map<number, readonly Datum[]>,
  found: readonly (readonly Hit[])[],
  table: Table,
  services: Services,
): Promise<void> {
  const pages = new Map<number, Set<number>>();
  for (const { row } of found.flat()) {
    if (rows.has(row)) continue;
    const start = row - (row % rowsAPage);
    const wanted = pages.get(start) ?? new Set();
    pages.set(start, wanted.add(row));
  }
  for (const [start, wanted] of pages) {
    const page = await services.rows(table, start, rowsAPage);
    for (const row of wanted) rows.set(row, page[row - start]!);
  }
}

/** What of an item's hits passes its filter, best first, as rows of its table. */
function hitRecords(
  item: Item<Configuration>,
  hits: readonly Hit[],
  rows: ReadonlyMap<number, readonly Datum[]>,
  table: Table,
  own: ReturnType<typeof hitColumns>,
): readonly Row[] {
  const { text, k } = item.configuration;
  const searched = table.columns.findIndex(({ name }) => name === text);
  const passes = rowFilter(item, table);
  const records: Row[] = [];
  for (const { row, score } of hits) {
    if (records.length === k) break;
    const values = rows.get(row)!;
    if (!passes(values)) continue;
    const kept = own.map(({ column, from }) => [column.name, values[from] ?? null] as const);
    records.push({ text: values[searched] ?? null, score, ...Object.fromEntries(kept) });
  }
  return records;
}

/** How an item ends of which it is known what was found. */
async function ended(
  { item: index, hits, columns }: Found,
  items: readonly Item<Configuration>[],
  reranking: RerankServices,
): Promise<ItemEvent> {
  const calls: CallFacts[] = [];
  let records;
  try {
    records = await rerankHits(items[index]!, hits, reranking, calls);
  } catch (thrown) {
    if (reranking.signal.aborted) throw thrown;
    return failedRerank(thrown, index, calls);
  }
  try {
    const value = await reranking.services.table(records, columns);
    return { type: "value", item: index, value: { type: "table", value }, ...(calls.length === 0 ? {} : { calls }) };
  } catch (thrown) {
    return failure(thrown, index, reranking.signal);
  }
}

async function* searchAll(
  items: readonly Item<Configuration>[],
  signal: AbortSignal,
  services: Services,
): AsyncGenerator<ItemEvent | Found> {
  const asked = items.map(withHitsNeeded);
  for (const group of groupItems(asked)) yield* searchGroup(group, asked, signal, services);
}
