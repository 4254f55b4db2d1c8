import type { Coordinates } from "#server/notebook/address.ts";
import type { SheetView } from "#server/notebook/sheet-view.ts";
import { readClusters } from "./answer-clusters.ts";
import { cellParts } from "./column-parts.ts";
import { neededVariants } from "./needed-variants.ts";
import { outcomeCode } from "./sheet-codes.ts";
import { statesSql } from "./sheet-states.ts";
import type { CellPlace, PairFigures } from "./sheet-views.ts";
import { repeatPlaces, viewSql, type ViewContext } from "./view-sql.ts";

/** The figures of two variants of a node over the rows of a view; see `SheetViews.pairFigures`. */
export async function pairFigures(
  context: ViewContext,
  call: {
    readonly view: SheetView;
    readonly node: string;
    readonly first: Coordinates;
    readonly second: Coordinates;
    readonly answers: readonly CellPlace[];
  },
): Promise<PairFigures> {
  const { session } = context;
  const { from, where } = await viewSql(context, { ...call.view, sort: [] });
  const refs = [call.first, call.second].map((at) => ({ type: "cell", cell: call.node, at }) as const);
  const places = refs.flatMap((ref) => repeatPlaces(context.nodes, ref));
  const nodes = neededVariants(context.nodes, call.node, places);
  const sides = refs.map((ref) => repeatPlaces(nodes, ref).join(", "));
  const { clauses, name, tables } = await statesSql({ ...context, nodes, scope: { type: "all" } }, call.node);
  const { number, truth } = cellParts();
  await session.execute(`create temp table viewed as select f.ordinal from ${from} where ${where}`);
  await session.execute(`create temp table pairs as with ${clauses}, of_view as (
      select s.ordinal, s.place, coalesce(o.value, r.value) as value from ${name} s
      left join sheet_results_${tables} r on r.address = s.address and r.outcome = ${outcomeCode.ok}
      left join sheet_overrides_${tables} o on o.address = s.address
      where s.seen is not null and s.ordinal in (from viewed)),
    numbers as (
      select ordinal, place in (${sides[0]}) as first, avg(coalesce(${number}, cast(${truth} as DOUBLE))) as number
      from of_view where place in (${sides.join(", ")}) group by all)
    select a.ordinal, a.number as first, b.number as second, a.number - b.number as number
    from numbers a join numbers b using (ordinal) where a.first and not b.first and isfinite(a.number - b.number)`);
  const read = await session.queryColumns(`
    select (select count(*) from viewed), count(*), avg(first), avg(second), avg(number),
      coalesce(bool_and(first in (0, 1) and second in (0, 1)), false), count(*) filter (number = 1), count(*) filter (number = -1)
    from pairs`);
  const [rows, n, first, second, difference, isVerdicts, onlyFirst, onlySecond] = read.columns.map(
    ([figure]) => figure,
  ) as [number, number, number | null, number | null, number | null, boolean, number, number];
  return {
    rows,
    n,
    first,
    second,
    difference,
    clusters: await readClusters(context, "pairs", call.answers),
    verdicts: isVerdicts ? { onlyFirst, onlySecond } : null,
  };
}
