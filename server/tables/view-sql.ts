import { isAt } from "#server/notebook/axis.ts";
import { canonicalJson } from "#server/notebook/canonical-json.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import type { CellRef, ColumnRef, SheetView, ViewFilter } from "#server/notebook/sheet-view.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { cellParts, rowParts, type ColumnParts } from "./column-parts.ts";
import type { Session } from "./duckdb-session.ts";
import { variantsPerRow, type SheetCatalog, type SheetFrame } from "./sheet-catalog.ts";
import { freshnessCode, outcomeCode, overrideCode } from "./sheet-codes.ts";
import { neededVariants } from "./needed-variants.ts";
import { columnSql } from "./sheet-frames.ts";
import { specOf, statesSql } from "./sheet-states.ts";
import type { NodeSpec } from "./sheet-store.ts";
import { containsSql, either, valueFilterSql } from "./view-filter-sql.ts";

/** A view as SQL: `select f.ordinal from ${from} where ${where} order by ${order}`. */
export interface ViewSql {
  readonly from: string;
  readonly where: string;
  readonly order: string;
}

export interface ViewContext {
  readonly catalog: SheetCatalog;
  readonly session: Session;
  readonly frame: SheetFrame;
  readonly nodes: readonly NodeSpec[];
  readonly shown: readonly string[];
}

/**
 * Builds a view. `f` is the list of the frame's rows, `c` their columns. What filters ask of results is asked of each node's
 * results alone, and only the rows found are looked at in the frame: so few values are read, however many results there are.
 */
export async function viewSql(context: ViewContext, view: SheetView): Promise<ViewSql> {
  const { frame } = context;
  const conditions: string[] = [];
  for (const filter of view.filters) conditions.push(await filterSql(context, filter));
  if (view.search !== "") conditions.push(await searchSql(context, view.search));
  const joins: string[] = [];
  const order: string[] = [];
  for (const [index, { column, descending }] of view.sort.entries()) {
    const direction = descending ? "desc nulls last" : "asc nulls last";
    if (column.type === "row") order.push(...partsOf(context, column).keys.map((key) => `${key} ${direction}`));
    else {
      const { keys } = partsOf(context, column);
      joins.push(`left join (${await keysSql(context, column, keys)}) s${index} on s${index}.row = f.row`);
      order.push(...keys.map((_, at) => `s${index}.k${at} ${direction}`));
    }
  }
  return {
    from: `sheet_frame_${frame.id} f join sheet_cells_${frame.id} c on c.ordinal = f.ordinal ${joins.join(" ")}`,
    where: conditions.join(" and ") || "true",
    order: [...order, "f.ordinal"].join(", "),
  };
}

/** What rows are sorted by in a column of results, as `row, k0, k1, …`; of repeats the mean of numbers and truths, else the most frequent text. */
async function keysSql(context: ViewContext, column: CellRef, keys: readonly string[]): Promise<string> {
  const { catalog, frame, nodes } = context;
  const { variants } = specOf(nodes, column.cell);
  const places = repeatPlaces(nodes, column);
  const found = await Promise.all(places.map((place) => catalog.variant(frame.sheet, variants[place]!.at)));
  const named = keys.map((key, at) => `${key} as k${at}`).join(", ");
  const all = `select ${rowOf} as row, ${named} from ${await shownSql(context, column.cell)} where ${variantOf} in (${found.join(", ")})`;
  if (places.length === 1) return all;
  // Of texts that are as frequent the first in the alphabet stands first in the cell, too.
  const most = (key: string): string =>
    `case when count(k0) = 0 then first(${key} order by times desc, k2) filter (k2 is not null) end as ${key}`;
  return `select row, avg(k0) as k0, ${most("k1")}, ${most("k2")}
    from (select *, count(*) over (partition by row, k2) as times from (${all})) group by row`;
}

const rowOf = `address // ${variantsPerRow}`;
const variantOf = `address % ${variantsPerRow}`;

/** What is shown of a node, a record an address: an override, else the result. */
export async function shownSql(
  { catalog, frame }: Pick<ViewContext, "catalog" | "frame">,
  node: string,
): Promise<string> {
  const tables = `${frame.sheet.id}_${await catalog.node(frame.sheet, node)}`;
  return `(select address, outcome, value_hash, value, calls, null as override
      from sheet_results_${tables} anti join sheet_overrides_${tables} using (address)
    union all select address, ${outcomeCode.ok}, value_hash, value, '[]', type from sheet_overrides_${tables})`;
}

/** The parts of a column's value: of `c`, or of the column `value` of what is shown of its node. */
export function partsOf({ frame }: ViewContext, column: ColumnRef): ColumnParts {
  if (column.type === "cell") return cellParts(column.field);
  const found = columnSql(frame.columns, column.column);
  return rowParts(found.expression, found.column);
}

async function filterSql(context: ViewContext, filter: ViewFilter): Promise<string> {
  if (filter.type === "state") return await stateSql(context, filter);
  if (filter.type === "differs") return await differsSql(context, filter);
  const { condition, opposite } = valueFilterSql(filter, partsOf(context, filter.column));
  if (filter.column.type === "row") return opposite ? `not ${condition}` : condition;
  // Empty is where one of the variants has nothing: not all of them have something.
  const all = filter.type === "empty" || filter.type === "not-empty";
  const found = await rowsWith(context, filter.column, condition, all);
  return opposite ? `not ${found}` : found;
}

/** The rows at which results of a column fulfil a condition: one of its variants, or all. */
async function rowsWith(context: ViewContext, column: CellRef, condition: string, all = false): Promise<string> {
  const variants = await variantsOf(context, column);
  const having = all && variants.length > 1 ? `group by all having count(*) = ${variants.length}` : "";
  const shown = await shownSql(context, column.cell);
  return `(f.row in (select ${rowOf} from ${shown} where ${variantOf} in (${variants.join(", ")}) and ${condition} ${having}))`;
}

async function stateSql(
  context: ViewContext,
  { column, state }: Extract<ViewFilter, { type: "state" }>,
): Promise<string> {
  switch (state) {
    case "never":
      return `not ${await rowsWith(context, column, "true", true)}`;
    case "failed":
      return await rowsWith(context, column, `outcome = ${outcomeCode.error}`);
    case "locked":
    case "edited":
      return await rowsWith(context, column, `override = ${overrideCode[state]}`);
    case "from-cache":
      // Quotes within a text of JSON are escaped: this can only be the member.
      return await rowsWith(
        context,
        column,
        `contains(calls, '"cached":true') and not contains(calls, '"cached":false')`,
      );
    case "current":
      return await statesIn(context, column, [freshnessCode.current]);
    case "stale":
      return await statesIn(
        context,
        column,
        (["stale-key", "stale-input", "stale-upstream"] as const).map((word) => freshnessCode[word]),
      );
  }
}

async function statesIn(context: ViewContext, column: CellRef, codes: readonly number[]): Promise<string> {
  const { session } = context;
  const nodes = neededVariants(context.nodes, column.cell, placesOf(context.nodes, column));
  const states = await statesSql({ ...context, nodes, scope: { type: "all" } }, column.cell);
  const table = `states_${(nextTable += 1)}`;
  await session.execute(`create temp table ${table} as with ${states.clauses}
    select distinct ordinal from ${states.name} where state in (${codes.join(", ")})`);
  return `(f.ordinal in (from ${table}))`;
}

let nextTable = 0;

async function differsSql(
  context: ViewContext,
  { column, among = [] }: Extract<ViewFilter, { type: "differs" }>,
): Promise<string> {
  const { catalog, frame, nodes } = context;
  const { variants } = specOf(nodes, column.cell);
  const places = among.length === 0 ? [{}] : among;
  const named = new Set(among.flatMap((at) => Object.keys(at)));
  const groups = new Map<string, number>();
  const cases: string[] = [];
  for (const at of new Set(places.flatMap((place) => matching(variants, { ...column.at, ...place })))) {
    const rest = among.length === 0 ? {} : Object.fromEntries(Object.entries(at).filter(([axis]) => !named.has(axis)));
    const group = groups.get(canonicalJson(rest)) ?? groups.size;
    groups.set(canonicalJson(rest), group);
    cases.push(`when ${await catalog.variant(frame.sheet, at)} then ${group}`);
  }
  if (cases.length === 0) throw noVariant(column);
  const { truth, number, text } = cellParts(column.field);
  const answer =
    column.field === undefined
      ? `case when json_extract_string(value, '/type') = 'score' then json_extract_string(value, '/value/pass') else value_hash end`
      : `coalesce(cast(${truth} as VARCHAR), cast(${number} as VARCHAR), ${text})`;
  return `(f.row in (select row from (
      select ${rowOf} as row, case ${variantOf} ${cases.join(" ")} end as compared, ${answer} as answer
      from ${await shownSql(context, column.cell)} where outcome = ${outcomeCode.ok})
    where compared is not null and answer is not null group by row, compared having min(answer) <> max(answer)))`;
}

async function searchSql(context: ViewContext, text: string): Promise<string> {
  const { frame, nodes, shown } = context;
  const columns = frame.columns.map((column, index) => containsSql(rowParts(`c${index}`, column).text, text));
  const found = containsSql(cellParts().text, text);
  const cells: string[] = [];
  for (const node of shown)
    if (specOf(nodes, node).variants.length > 0)
      cells.push(await rowsWith(context, { type: "cell", cell: node, at: {} }, found));
  return either([...columns, ...cells]);
}

/** The places of a column's variants in its node's list. Throws `sheet.axis` where there is none. */
export function placesOf(nodes: readonly NodeSpec[], column: CellRef): readonly number[] {
  const places = specOf(nodes, column.cell).variants.flatMap(({ at }, place) => (isAt(at, column.at) ? [place] : []));
  if (places.length === 0) throw noVariant(column);
  return places;
}

/** The place of the one variant that agrees with a column. Throws `sheet.axis` where there is none, or are several. */
export function onlyPlace(nodes: readonly NodeSpec[], column: CellRef): number {
  const [place, ...more] = placesOf(nodes, column);
  if (more.length === 0) return place!;
  throw new SheafError("sheet.axis", `${column.cell} has ${more.length + 1} variants there, and one is asked for`, {
    cure: "Name a label for each of its axes.",
  });
}

/** The places of the one variant that agrees with a column, or of its repeats. Throws `sheet.axis` where there is none, or are several. */
export function repeatPlaces(nodes: readonly NodeSpec[], column: CellRef): readonly number[] {
  const places = placesOf(nodes, column);
  const { variants } = specOf(nodes, column.cell);
  const without = (place: number): string => canonicalJson({ ...variants[place]!.at, repeat: "" });
  return places.every((place) => without(place) === without(places[0]!)) ? places : [onlyPlace(nodes, column)];
}

async function variantsOf({ catalog, frame, nodes }: ViewContext, column: CellRef): Promise<readonly number[]> {
  const found = matching(specOf(nodes, column.cell).variants, column.at);
  if (found.length === 0) throw noVariant(column);
  return await Promise.all(found.map((at) => catalog.variant(frame.sheet, at)));
}

function matching(variants: NodeSpec["variants"], where: Coordinates): readonly Coordinates[] {
  return variants.flatMap(({ at }) => (isAt(at, where) ? [at] : []));
}

function noVariant({ cell, at }: CellRef): SheafError {
  const asked = Object.entries(at).map(([axis, label]) => `${axis}=${label}`);
  return new SheafError("sheet.axis", `${cell} has no variant with ${asked.join(", ")}`);
}
