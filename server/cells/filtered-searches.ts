import { filterToSql, isTruthy, type LanguageValue, type SqlFilter } from "#server/language/index.ts";
import type { Item } from "#server/notebook/cell-kind.ts";
import { computeFields } from "#server/notebook/compute-fields.ts";
import { parsedExpression } from "#server/notebook/parsed.ts";
import type { NearestCall, Services } from "#server/notebook/services.ts";
import type { Datum, Table } from "#server/notebook/value.ts";
import { cellScope } from "./cell-scope.ts";

/** What of a search's configuration says which rows it finds. */
interface Filtered {
  readonly filter?: string | undefined;
  readonly k: number;
  readonly mode: NearestCall["mode"];
}

/** Queries that go out together: whose they are, how many hits each is to have, and among which rows. */
export interface Search {
  readonly indexes: readonly number[];
  readonly k: number;
  readonly within?: Uint32Array;
}

/** Items that search one table in one way, by their places among all. */
interface Searched {
  readonly table: Table;
  readonly indexes: readonly number[];
}

/** Hits that are asked for together, over all queries. */
const mostHits = 1_000_000;
/** Hits that are looked at first for each that is to pass a filter, and how many times more each time too few passed. */
const filteredTimes = 10;
/** Filters that are worth asking DuckDB before any row is looked at. */
const fewFilters = 8;
/** Row numbers that are kept at once, of four bytes each, and items whose filters are evaluated together. */
const mostNumbers = 16_000_000;
const itemsAtOnce = 20;
/** Rows read at once; a page begins at a multiple of them. */
export const rowsAPage = 1000;

/** Whether a row, as its values in the order of the columns, passes an item's filter. */
export function rowFilter(item: Item<Filtered>, table: Table): (values: readonly Datum[]) => boolean {
  const { filter } = item.configuration;
  if (filter === undefined) return () => true;
  const names = table.columns.map((column) => column.name);
  return (values) => {
    const row = Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
    return isTruthy(computeFields(filter, cellScope(item, { item: row }), () => undefined, "filter") as LanguageValue);
  };
}

/**
 * The searches by which items that differ in their queries alone find their rows, one after the other; whom a search gave enough goes
 * from `left` before the next. Where DuckDB decides which rows a filter lets pass, none but those are searched. Else, of the rows it leaves,
 * the first hits are looked at, and where too few of a tenth of them pass, all rows are, page by page, and those that pass are searched. One
 * at which the filter fails is among them, so that it is met where its rank is. Ranks of `hybrid` depend on the rows that are searched:
 * there no hit is looked at before it is known which pass.
 */
export async function* filteredSearches(
  { table, indexes }: Searched,
  items: readonly Item<Filtered>[],
  left: ReadonlySet<number>,
  services: Services,
  signal: AbortSignal,
): AsyncGenerator<Search> {
  const { filter, k, mode } = items[indexes[0]!]!.configuration;
  if (filter === undefined) return yield* inParts({ indexes, k });
  const few = k * filteredTimes;
  const groups = bySql(filter, { table, indexes }, items);
  const isAtOnce = mode !== "hybrid" && groups.length > fewFilters;
  if (isAtOnce) yield* inParts({ indexes, k: few });
  for (const { sql, indexes } of groups) {
    const open = () => indexes.filter((index) => left.has(index));
    if (open().length === 0) continue;
    const within = sql === null ? {} : { within: await services.admitted(table, sql.sql, sql.parameters, signal) };
    if (sql !== null && (await isDecided(sql, table, services, signal))) {
      yield* inParts({ indexes: open(), k, ...within });
      continue;
    }
    const rows = within.within?.length ?? table.rowCount;
    if (mode !== "hybrid")
      for (let depth = few; depth === few || depth * filteredTimes <= rows; depth *= filteredTimes)
        yield* inParts({ indexes: open(), k: depth, ...within });
    const size = Math.min(itemsAtOnce, Math.max(1, Math.floor(mostNumbers / Math.max(1, rows))));
    const isOne = sharesFilter(filter);
    for (const part of partsOf(open(), isOne ? Infinity : size)) {
      const asked = (isOne ? part.slice(0, 1) : part).map((index) => items[index]!);
      const passing = await passingRows(asked, table, within.within, services, signal);
      if (isOne) yield* inParts({ indexes: part, k, within: passing[0]! });
      else for (const [at, index] of part.entries()) yield { indexes: [index], k, within: passing[at]! };
    }
  }
}

function* inParts({ indexes, k, ...within }: Search): Generator<Search> {
  for (const part of partsOf(indexes, Math.max(1, Math.floor(mostHits / k)))) yield { indexes: part, k, ...within };
}

function* partsOf(indexes: readonly number[], size: number): Generator<readonly number[]> {
  for (let from = 0; from < indexes.length; from += size) yield indexes.slice(from, from + size);
}

/** Items by what DuckDB is asked for them. A table that holds its rows is not asked about. */
function bySql(
  filter: string,
  { table, indexes }: Searched,
  items: readonly Item<Filtered>[],
): readonly { readonly sql: SqlFilter | null; readonly indexes: number[] }[] {
  const isAsked = filter.startsWith("=") && table.rows === undefined;
  const sqlOf = isAsked ? filterToSql(parsedExpression(filter.slice(1)), "item", table.columns) : () => null;
  const groups = new Map<string, { sql: SqlFilter | null; indexes: number[] }>();
  for (const index of indexes) {
    const sql = sqlOf(cellScope(items[index]!));
    const key = JSON.stringify(sql === null ? null : [sql.sql, sql.parameters, sql.rest === null]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { sql, indexes: [index] });
    else group.indexes.push(index);
  }
  return [...groups.values()];
}

/** Whether nothing of a filter is left to evaluate. */
async function isDecided(
  { sql, parameters, doubt, rest }: SqlFilter,
  table: Table,
  services: Services,
  signal: AbortSignal,
): Promise<boolean> {
  if (rest !== null || doubt === null) return rest === null;
  return (await services.admitted(table, `${sql} and ${doubt}`, parameters, signal)).length === 0;
}

/** Whether a filter says the same of a row for all items. */
function sharesFilter(filter: string): boolean {
  return !filter.startsWith("=") || parsedExpression(filter.slice(1)).analysis.names.every((name) => name === "item");
}

/** For each item the rows of some, or of all, that pass its filter or at which it fails. */
async function passingRows(
  items: readonly Item<Filtered>[],
  table: Table,
  within: Uint32Array | undefined,
  services: Services,
  signal: AbortSignal,
): Promise<readonly Uint32Array[]> {
  const filters = items.map((item) => mayPass(rowFilter(item, table)));
  const rowCount = within?.length ?? table.rowCount;
  const passing = items.map(() => new Uint32Array(rowCount));
  const counts = items.map(() => 0);
  for (let next = 0; next < rowCount;) {
    signal.throwIfAborted();
    const numberAt = (place: number): number => within?.[place] ?? place;
    const start = numberAt(next) - (numberAt(next) % rowsAPage);
    const page = await services.rows(table, start, rowsAPage);
    for (; next < rowCount && numberAt(next) < start + rowsAPage; next += 1) {
      const number = numberAt(next);
      for (const [at, filter] of filters.entries())
        if (filter(page[number - start]!)) passing[at]![counts[at]!++] = number;
    }
  }
  return passing.map((numbers, at) => numbers.slice(0, counts[at]));
}

function mayPass(filter: (values: readonly Datum[]) => boolean): (values: readonly Datum[]) => boolean {
  return (values) => {
    try {
      return filter(values);
    } catch {
      // It is thrown again where the row is found.
      return true;
    }
  };
}
