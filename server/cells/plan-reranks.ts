import type { Item, ItemEvent, PlannedWork } from "#server/notebook/cell-kind.ts";
import type { Services } from "#server/notebook/services.ts";
import { rerankCall } from "./rerank-call.ts";
import { textsOf, type Found } from "./rerank-hits.ts";
import { hitsNeeded, type HitRow, type Reranked } from "./rerank-setting.ts";

/** A search whose hits are put in order. */
type Search = Item<Reranked & { readonly from: string; readonly text: string; readonly filter?: string | undefined }>;

/**
 * What putting the hits of each item in order would send; null for one whose search fails. A model that answers is asked about what the search
 * finds. Where that has something to embed first, and for a model that embeds, rows of the table stand for hits: about as long. Which of them a
 * filter lets pass nobody knows then: whether a model is asked at all is open.
 */
export async function planReranks<Searched extends Search>(
  items: readonly Searched[],
  services: Services,
  search: (items: readonly Searched[]) => AsyncIterable<ItemEvent | Found>,
): Promise<readonly (PlannedWork | null)[]> {
  const planned: (PlannedWork | null)[] = items.map(() => ({ calls: [], embeds: [] }));
  const searched: number[] = [];
  const unknown = new Set<number>();
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
        const texts = textsOf(item, await rowsOf(item));
        planned[index] = { calls: [], embeds: [{ type: "texts", model, texts }] };
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

  /** The first rows of an item's table, as many as it puts in order: read once for all that search it so. */
  async function rowsOf({ configuration, inputs }: Searched): Promise<readonly HitRow[]> {
    const from = inputs[configuration.from];
    if (from?.type !== "table") return [];
    const count = hitsNeeded(configuration);
    const name = JSON.stringify([from.value.hash, count]);
    const read = tables.get(name) ?? services.rows(from.value, 0, count);
    tables.set(name, read);
    const place = from.value.columns.findIndex((column) => column.name === configuration.text);
    return (await read).map((row) => ({ text: row[place] ?? null }));
  }
}

/** One hit alone is in order. */
function calling(item: Search, hits: readonly HitRow[]): PlannedWork {
  return { calls: hits.length < 2 ? [] : [rerankCall(item, hits)], embeds: [] };
}
