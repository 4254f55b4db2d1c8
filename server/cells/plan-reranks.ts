import type { Item, ItemEvent, PlannedWork } from "#server/notebook/cell-kind.ts";
import type { Services } from "#server/notebook/services.ts";
import { rerankCall } from "./rerank-call.ts";
import { mostKept, textsOf, type Found } from "./rerank-hits.ts";
import { hitsNeeded, type HitRow, type Reranked } from "./rerank-setting.ts";

/** A search whose hits are put in order. */
type Search = Item<Reranked & { readonly from: string; readonly text: string; readonly filter?: string | undefined }>;

/** So many items, one after the other, share what they embed: rows of a sheet are computed as many at a time. */
const sharedBy = 256;

/**
 * What putting the hits of each item in order would send; null for one whose search fails. A model that answers is asked about what the search
 * finds. Where that has something to embed first, rows of the table stand for hits: about as long. Which of them a filter lets pass nobody knows
 * then: whether a model is asked at all is open. A model that embeds has at most all rows of the table to embed, however many search it.
 */
export async function planReranks<Searched extends Search>(
  items: readonly Searched[],
  services: Services,
  search: (items: readonly Searched[]) => AsyncIterable<ItemEvent | Found>,
): Promise<readonly (PlannedWork | null)[]> {
  const planned: (PlannedWork | null)[] = items.map(() => ({ calls: [], embeds: [] }));
  const searched: number[] = [];
  const unknown = new Set<number>();
  /** The texts that items together have embedded, and how many rows of each table are among them. */
  let shared = { from: 0, texts: new Set<string>(), rows: new Map<string, number>() };
  const tables = new Map<string, ReturnType<Services["rows"]>>();
  for (const [index, item] of items.entries()) {
    if (item.model === null) continue;
    const { model } = item.model;
    switch (await services.modelKind(model).catch(() => null)) {
      case null:
        unknown.add(index);
        searched.push(index);
        break;
      case "chat":
        searched.push(index);
        break;
      case "embedding": {
        if (index - shared.from >= sharedBy || shared.texts.size > mostKept)
          shared = { from: index, texts: new Set(), rows: new Map() };
        const texts = await newTexts(item, model);
        if (texts.length > 0) planned[index] = { calls: [], embeds: [{ type: "texts", model, texts, atMost: true }] };
      }
    }
  }
  for await (const event of search(searched.map((index) => items[index]!))) {
    const index = searched[event.item]!;
    const item = items[index]!;
    const isToCome = event.type === "error" && event.error.code === "retrieval.to-come";
    if (event.type !== "found" && !isToCome) planned[index] = null;
    // What it searches for is embedded nevertheless.
    else if (unknown.has(index)) planned[index] = { calls: [], embeds: [], unsure: "fails" };
    else if (event.type === "found") planned[index] = calling(item, event.hits);
    else if (item.configuration.filter !== undefined) planned[index] = { calls: [], embeds: [], unsure: "open" };
    else planned[index] = { ...calling(item, await rowsOf(item)), unsure: "stands in" };
  }
  return planned;

  /** Of an item's query and its hits those that no item before it has embedded: each may find what none of those found, while there is any. */
  async function newTexts(item: Searched, model: string): Promise<readonly string[]> {
    const { configuration, inputs } = item;
    const from = inputs[configuration.from];
    if (from?.type !== "table") return [];
    const asked = JSON.stringify([model, from.value.hash, configuration]);
    // A filter may say something else of each row it is asked for.
    if (configuration.filter === undefined && shared.texts.has(asked)) return [];
    const table = JSON.stringify([model, from.value.hash, configuration.text]);
    const taken = shared.rows.get(table) ?? 0;
    shared.rows.set(table, taken + hitsNeeded(configuration));
    const texts = textsOf(item, taken < from.value.rowCount ? await rowsOf(item, taken) : []);
    const keyOf = (text: string): string => JSON.stringify([model, text]);
    const missing = [...new Set(texts)].filter((text) => !shared.texts.has(keyOf(text)));
    for (const text of missing) shared.texts.add(keyOf(text));
    shared.texts.add(asked);
    return missing;
  }

  /** Rows of an item's table, as many as it puts in order, the first where nothing is said: read once for all that search it so. */
  async function rowsOf({ configuration, inputs }: Searched, first = 0): Promise<readonly HitRow[]> {
    const from = inputs[configuration.from];
    if (from?.type !== "table") return [];
    const count = hitsNeeded(configuration);
    const name = JSON.stringify([from.value.hash, first, count]);
    const read = tables.get(name) ?? services.rows(from.value, first, count);
    tables.set(name, read);
    const place = from.value.columns.findIndex((column) => column.name === configuration.text);
    return (await read).map((row) => ({ text: row[place] ?? null }));
  }
}

/** One hit alone is in order. */
function calling(item: Search, hits: readonly HitRow[]): PlannedWork {
  return { calls: hits.length < 2 ? [] : [rerankCall(item, hits)], embeds: [] };
}
