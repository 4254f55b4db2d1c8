import type { Coordinates } from "#server/notebook/address.ts";
import type { Session } from "./duckdb-session.ts";
import type { SheetCatalog, SheetFrame } from "./sheet-catalog.ts";
import { failedSql, freshnessWords, outcomeCode, settledCodes } from "./sheet-codes.ts";
import { answerKeysSql } from "./answer-keys.ts";
import { createTally } from "./sheet-freshness.ts";
import { placesAt, specOf, statesSql } from "./sheet-states.ts";
import type { Aggregate, AggregateValue, NodeSpec } from "./sheet-store.ts";
import { pointer } from "./sheet-value-sql.ts";
import type { CellPlace } from "./sheet-views.ts";
import type { ViewContext } from "./view-sql.ts";

/** Figures over a node's addresses that agree with `where`; see `SheetStore.aggregate`. */
export async function aggregate(
  catalog: SheetCatalog,
  session: Session,
  frame: SheetFrame,
  call: {
    readonly nodes: readonly NodeSpec[];
    readonly node: string;
    readonly where: Coordinates;
    readonly field: string | null;
    readonly answers: readonly (readonly CellPlace[])[] | null;
  },
): Promise<Aggregate> {
  const { nodes, node } = call;
  const spec = specOf(nodes, node);
  const places = placesAt(spec, call.where);
  const { clauses, name, tables } = await statesSql({ catalog, session, frame, nodes, scope: { type: "all" } }, node);
  const settledSql = `with ${clauses}, settled as (
      select s.ordinal, s.place, s.state, case when o.type is null then r.outcome else ${outcomeCode.ok} end as outcome,
        o.type is null and ${failedSql("r")} as failed, coalesce(o.value, r.value) as value
      from ${name} s left join sheet_results_${tables} r on r.address = s.address
      left join sheet_overrides_${tables} o on o.address = s.address where s.place in (${places.join(", ")}))`;
  await session.execute(`create temp table aggregated as ${settledSql}
    select ordinal, place, state, outcome, failed,
      case when state in (${settledCodes.join(", ")}) and outcome = ${outcomeCode.ok} then ${numberSql(call.field)} end as number,
      outcome = ${outcomeCode.ok} and ${presentSql(call.field)} as present,
      outcome = ${outcomeCode.ok} and ${listSql(call.field)} as list,
      case when outcome = ${outcomeCode.ok} then ${lackingSql(call.field)} end as lacking
    from settled`);

  const counted = await session.queryColumns(
    `select state, outcome, count(*), count(number), count(*) filter (present), count(*) filter (failed),
       count(*) filter (list), count(lacking), count(*) filter (lacking)
     from aggregated group by all order by all`,
  );
  const [states, outcomes, counts, numbers, presents, fails, listed, told, without] = counted.columns as readonly [
    number[],
    (number | null)[],
    number[],
    number[],
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  const all = createTally();
  const settled = createTally();
  let unscored = 0;
  let present = 0;
  let failed = 0;
  let lists = 0;
  let withFields = 0;
  let lacking = 0;
  for (const [index, state] of states.entries()) {
    const word = freshnessWords[state]!;
    all.add(word, null, counts[index]!);
    if (!settledCodes.includes(state)) continue;
    settled.add(word, outcomes[index]!, counts[index]!);
    present += presents[index]!;
    failed += fails[index]!;
    lists += listed[index]!;
    withFields += told[index]!;
    lacking += without[index]!;
    if (outcomes[index] === outcomeCode.ok) unscored += counts[index]! - numbers[index]!;
  }
  // In the order of rows, because a sum of floating point depends on it.
  const figures = await session.queryColumns(`
    select count(number), coalesce(sum(number), 0), coalesce(sum(number * number), 0), min(number), max(number)
    from (select number from aggregated where number is not null order by ordinal, place)`);
  const [n, sum, sumOfSquares, min, max] = figures.columns.map(([value]) => value) as [
    number,
    number,
    number,
    number | null,
    number | null,
  ];
  return {
    addresses: total(all.counted.counts),
    freshness: all.counted.counts,
    settled: total(settled.counted.counts),
    outcomes: settled.counted.outcomes,
    failed,
    unscored,
    present,
    lists,
    lacking: lacking > 0 && lacking === withFields ? await fieldNames(session, settledSql) : null,
    n,
    sum,
    mean: n === 0 ? null : sum / n,
    sumOfSquares,
    min,
    max,
    values: call.answers === null ? [] : await readValues({ catalog, session, frame }, spec.variants, call.answers),
  };
}

async function readValues(
  context: Pick<ViewContext, "catalog" | "session" | "frame">,
  variants: NodeSpec["variants"],
  answers: readonly (readonly CellPlace[])[],
): Promise<readonly AggregateValue[]> {
  const { session, frame } = context;
  const read = await session.queryColumns(`
    select label, place, number, cast(a.calls as VARCHAR) from aggregated join sheet_frame_${frame.id} f using (ordinal)
    left join ${await answerKeysSql(context, answers)} a using (row, place) where number is not null order by ordinal, place`);
  const [labels, places, numbers, calls] = read.columns as readonly [string[], number[], number[], (string | null)[]];
  return labels.map((row, index) => ({
    row,
    at: variants[places[index]!]!.at,
    value: numbers[index]!,
    calls: calls[index]!,
  }));
}

/** The number of a `Value` in the column `value`, or of a field of it; null where there is none. */
function numberSql(field: string | null): string {
  const type = "json_extract_string(value, '/type')";
  if (field === null)
    return `case ${type} when 'score' then ${numberAt(pointer("value", "score"))} else ${numberAt(pointer("value"))} end`;
  const direct = numberAt(pointer("value", field));
  return `case ${type}
    when 'score' then case when json_type(value, ${pointer("value", "checks", field)}) is null then ${direct}
      else ${numberAt(pointer("value", "checks", field, "score"))} end
    when 'json' then coalesce(${direct}, ${numberAt(pointer("value", field, "score"))}) end`;
}

/** Whether a `Value` in the column `value`, or a field of it, is not null; a check of a score is where it could be scored. */
function presentSql(field: string | null): string {
  const type = "json_extract_string(value, '/type')";
  if (field === null)
    return `case ${type} when 'score' then ${presentAt(pointer("value", "score"))} else ${presentAt(pointer("value"))} end`;
  const direct = presentAt(pointer("value", field));
  return `case ${type}
    when 'score' then case when json_type(value, ${pointer("value", "checks", field)}) is null then ${direct}
      else ${presentAt(pointer("value", "checks", field, "score"))} end
    when 'json' then ${direct} else false end`;
}

/** Whether a `Value` in the column `value`, or a field of it, is a list or a table, or one of a table's columns. */
function listSql(field: string | null): string {
  const path = pointer("value", ...(field === null ? [] : [field]));
  return `(json_extract_string(value, '/type') = 'table' or coalesce(json_type(value, ${path}) = 'ARRAY', false))`;
}

/** Whether a `Value` in the column `value` has no such field; null where no field is asked for, or it says nothing of fields. */
function lackingSql(field: string | null): string {
  if (field === null) return "cast(null as BOOLEAN)";
  const isThere = (...path: readonly string[]): string =>
    `json_type(value, ${pointer("value", ...path, field)}) is not null`;
  return `case json_extract_string(value, '/type') when 'null' then null when 'table' then false
    when 'score' then not (${isThere()} or ${isThere("checks")}) else not (${isThere()}) end`;
}

/** The names of the fields that settled values have. */
async function fieldNames(session: Session, settledSql: string): Promise<readonly string[]> {
  const isSettled = `state in (${settledCodes.join(", ")}) and outcome = ${outcomeCode.ok}`;
  const names = await session.queryColumns(`${settledSql}
    select distinct unnest(json_keys(value, '/value') || coalesce(json_keys(value, '/value/checks'), [])) as name
    from settled where ${isSettled} and json_type(value, '/value') = 'OBJECT' order by name`);
  return names.columns[0] as readonly string[];
}

function presentAt(path: string): string {
  return `coalesce(json_type(value, ${path}) <> 'NULL', false)`;
}

function numberAt(path: string): string {
  const text = `json_extract_string(value, ${path})`;
  return `case json_type(value, ${path}) when 'BOOLEAN' then cast(${text} = 'true' as DOUBLE)
    when 'BIGINT' then cast(${text} as DOUBLE) when 'UBIGINT' then cast(${text} as DOUBLE)
    when 'HUGEINT' then cast(${text} as DOUBLE) when 'DOUBLE' then cast(${text} as DOUBLE) end`;
}

function total(counts: { readonly [word: string]: number }): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
