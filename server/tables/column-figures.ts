import type { ColumnRef, SheetView } from "#server/notebook/sheet-view.ts";
import type { Datum } from "#server/notebook/value.ts";
import { readClusters } from "./answer-clusters.ts";
import type { ColumnParts } from "./column-parts.ts";
import { literal } from "./duckdb-session.ts";
import { neededVariants } from "./needed-variants.ts";
import { freshnessCode, outcomeCode, settledCodes } from "./sheet-codes.ts";
import { columnSql } from "./sheet-frames.ts";
import { plainText } from "./sheet-input-sql.ts";
import { statesSql } from "./sheet-states.ts";
import type { CellPlace, ColumnFigures } from "./sheet-views.ts";
import { shortLength } from "./short-value.ts";
import { partsOf, placesOf, viewSql, type ViewContext } from "./view-sql.ts";

const topValues = 8;
const binCount = 20;

/** The figures of a column over the rows of a view; see `SheetViews.columnFigures`. */
export async function columnFigures(
  context: ViewContext,
  call: { readonly view: SheetView; readonly column: ColumnRef; readonly answers: readonly CellPlace[] | null },
): Promise<ColumnFigures> {
  const { session } = context;
  const value = await gather(context, call.view, call.column);
  const { ok, error, skipped: left } = outcomeCode;
  // What was blocked or stopped has no answer yet, however fresh its key is.
  const settled = (outcomes: string): string =>
    `count(*) filter (state in (${settledCodes.join(", ")}) and ${outcomes})`;
  const counted = await session.queryColumns(`select count(*), ${settled(`outcome in (${ok}, ${error}, ${left})`)},
      ${settled(`outcome = ${error}`)}, ${settled(`outcome = ${left}`)}, ${settled(`outcome = ${ok} and value is null`)},
      count(value), count(distinct value)
    from figured`);
  const figures = counted.columns.map(([figure]) => Number(figure)) as Seven;
  const [addresses, settledOnes, errors, skipped, empty, count, distinct] = figures;
  return {
    addresses,
    settled: settledOnes,
    errors,
    skipped,
    empty,
    count,
    distinct,
    top: await readTop(context, value),
    numbers: await readNumbers(context),
    clusters: call.answers === null ? null : await readClusters(context, "figured", call.answers),
  };
}

/**
 * Puts the values of a column into the temporary table `figured (ordinal, place, state, outcome, value, number)`, `value` being
 * a hash by which equal ones are counted: the values themselves may be long. Gives the SQL that reads them again, over the
 * ordinals and places in a table `chosen`.
 */
async function gather(
  context: ViewContext,
  view: SheetView,
  column: ColumnRef,
): Promise<{ readonly from: string; readonly value: string }> {
  const { session, frame } = context;
  const { from, where } = await viewSql(context, { ...view, sort: [] });
  const parts = partsOf(context, column);
  if (column.type === "row") {
    const found = columnSql(frame.columns, column.column);
    await session.execute(`create temp table figured as
      select f.ordinal, 0 as place, ${freshnessCode.current} as state, ${outcomeCode.ok} as outcome,
        case when ${parts.present} then hash(${plainText(found.expression, found.column)}) end as value, ${numberSql(parts)} as number
      from ${from} where ${where}`);
    const shown = found.column.type === "string" ? `left(${found.expression}, ${shortLength})` : found.expression;
    return { from: `chosen join sheet_cells_${frame.id} c using (ordinal)`, value: shown };
  }
  const nodes = neededVariants(context.nodes, column.cell, placesOf(context.nodes, column));
  const { clauses, name, tables } = await statesSql({ ...context, nodes, scope: { type: "all" } }, column.cell);
  const inView = where === "true" ? "true" : `s.ordinal in (select f.ordinal from ${from} where ${where})`;
  const joined = `left join sheet_results_${tables} r on r.address = s.address
    left join sheet_overrides_${tables} o on o.address = s.address`;
  const isOk = `state in (${settledCodes.join(", ")}) and outcome = ${outcomeCode.ok}`;
  await session.execute(`create temp table figured as with ${clauses}, of_view as (
      select s.ordinal, s.place, s.address, s.state, case when o.type is null then r.outcome else ${outcomeCode.ok} end as outcome,
        coalesce(o.value, r.value) as value
      from ${name} s ${joined} where ${inView})
    select ordinal, place, address, state, outcome, case when ${isOk} and ${parts.present} then hash(${sameSql(parts)}) end as value,
      case when ${isOk} then ${numberSql(parts)} end as number
    from of_view`);
  const truth = `when ${parts.truth} is not null then to_json(${parts.truth})`;
  const number = `when ${parts.number} is not null then to_json(${parts.number})`;
  return {
    from: `(select chosen.*, coalesce(o.value, r.value) as value from chosen join figured s using (ordinal, place) ${joined})`,
    value: `case ${truth} ${number} else to_json(left(${parts.text}, ${shortLength})) end`,
  };
}

/** A value as the one text that equal values have: of a score its verdict. */
function sameSql({ truth, number, text }: ColumnParts): string {
  return `coalesce('b' || cast(${truth} as VARCHAR), 'n' || cast(${number} as VARCHAR), 's' || ${text})`;
}

/** Figures are of finite numbers; a truth counts as 1 or 0. */
function numberSql({ number, truth }: ColumnParts): string {
  return `case when isfinite(${number}) then ${number} when ${truth} is not null then cast(${truth} as DOUBLE) end`;
}

async function readTop(
  { session }: ViewContext,
  { from, value }: { readonly from: string; readonly value: string },
): Promise<ColumnFigures["top"]> {
  await session.execute(`create temp table chosen as
    select count, first.ordinal as ordinal, first.place as place from (
      select count(*) as count, min({ 'ordinal': ordinal, 'place': place }) as first
      from figured where value is not null group by value order by count desc, first limit ${topValues})`);
  const read = await session.queryColumns(`select ${value}, count from ${from} order by count desc, ordinal, place`);
  const [values, counts] = read.columns as readonly [readonly Datum[], readonly number[]];
  return values.map((found, index) => ({ value: found, count: counts[index]! }));
}

async function readNumbers({ session }: ViewContext): Promise<ColumnFigures["numbers"]> {
  const read = await session.queryColumns(`
    select count(number), sum(number), avg(number), min(number), max(number),
      count(*) filter (number = 1), count(*) filter (number = 0) from figured where number is not null`);
  const [n, sum, mean, min, max, ones, zeros] = read.columns.map(([figure]) => Number(figure)) as Seven;
  if (n === 0) return null;
  const bins = Array.from({ length: min === max ? 1 : binCount }, () => 0);
  const binned = await session.queryColumns(`
    select cast(least(${bins.length - 1}, floor((number - ${double(min)}) / (${double(max)} - ${double(min)}) * ${bins.length})) as INTEGER), count(*)
    from figured where number is not null group by 1`);
  // Where all are equal, their place in a range of no width is null: the first.
  for (const [index, bin] of binned.columns[0]!.entries()) bins[Number(bin ?? 0)] = Number(binned.columns[1]![index]);
  return { n, sum, mean, min, max, bins, ones, zeros };
}

type Seven = [number, number, number, number, number, number, number];

function double(number: number): string {
  return `cast(${literal(String(number))} as DOUBLE)`;
}
