import { z } from "zod";
import type { Item } from "#server/notebook/cell-kind.ts";
import type { Column, Datum } from "#server/notebook/value.ts";

const mostReranked = 1000;

/** The setting `rerank`: a model, or one with how many hits it puts in order. */
export const rerankSetting = z
  .union([z.string(), z.strictObject({ model: z.string(), of: z.number().int().min(1).max(mostReranked).optional() })])
  .nullish();

/** What of a search a second model has to know. */
export interface Reranked {
  readonly query: string;
  readonly k: number;
  readonly rerank?: z.infer<typeof rerankSetting>;
}

/** A found row: its text, its score, and its table's own columns. */
export type HitRow = { readonly [column: string]: Datum };

/** The columns of hits besides those of the searched table; the search's own score stands beside the reranker's. */
export function columnsOfHits({ rerank }: Reranked): readonly Column[] {
  const number = { type: "number", sql: "DOUBLE" } as const;
  return [
    { name: "text", type: "string", sql: "VARCHAR" },
    { name: "score", ...number },
    ...(isSet(rerank) ? [{ name: "search_score", ...number }] : []),
  ];
}

/** How many hits a search has to give: as many as are wanted, or as are put in order to have the best of. */
export function hitsNeeded({ k, rerank }: Reranked): number {
  if (!isSet(rerank)) return k;
  const of = typeof rerank === "string" ? undefined : rerank.of;
  return Math.max(k, of ?? Math.min(mostReranked, Math.max(20, 4 * k)));
}

/** An item that wants as many hits as its search has to give. */
export function withHitsNeeded<Searched extends Reranked>(item: Item<Searched>): Item<Searched> {
  const { configuration } = item;
  return isSet(configuration.rerank)
    ? { ...item, configuration: { ...configuration, k: hitsNeeded(configuration) } }
    : item;
}

/** Whether there is a reranker. */
export function isSet<Value>(setting: Value): setting is NonNullable<Value> {
  return setting !== undefined && setting !== null;
}
