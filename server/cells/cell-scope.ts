import { pairedResults } from "#evals/paired-results.ts";
import type { Scope } from "#server/language/index.ts";
import type { Item } from "#server/notebook/cell-kind.ts";
import { itemScope } from "#server/notebook/item-scope.ts";
import type { Datum } from "#server/notebook/value.ts";

/** The names a cell's expressions and templates may read at one address, with the statistics of `paired`. `more` stands before everything. */
export function cellScope(item: Item<unknown>, more?: { readonly [name: string]: Datum }): Scope {
  return itemScope(item, pairedResults, more);
}
