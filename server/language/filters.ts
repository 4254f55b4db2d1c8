import { listFilters } from "./list-filters.ts";
import { numberFilters } from "./number-filters.ts";
import { orderFilters } from "./order-filters.ts";
import { selectionFilters } from "./selection-filters.ts";
import type { Filter } from "./signature.ts";
import { textFilters } from "./text-filters.ts";

/** The filters, by name. A new one is an entry in one of the five lists. */
export const filters: ReadonlyMap<string, Filter> = new Map(
  [...textFilters, ...numberFilters, ...listFilters, ...orderFilters, ...selectionFilters]
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .map((filter) => [filter.name, filter]),
);

/** Short names of filters. */
export const filterAliases: ReadonlyMap<string, string> = new Map([
  ["d", "default"],
  ["count", "length"],
]);
