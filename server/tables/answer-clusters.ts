import { answerKeysSql } from "./answer-keys.ts";
import type { CellPlace, ColumnFigures } from "./sheet-views.ts";
import type { ViewContext } from "./view-sql.ts";

/**
 * The clusters of the numbers in a temporary table `(ordinal, number)`: rows at which the same calls were made share their
 * answers and are one, a row without calls is one by itself.
 */
export async function readClusters(
  context: ViewContext,
  table: string,
  answers: readonly CellPlace[],
): Promise<NonNullable<ColumnFigures["clusters"]>> {
  const { session, frame } = context;
  const read = await session.queryColumns(`
    with clustered as (
      select v.number, coalesce(a.calls, hash(v.ordinal)) as cluster from ${table} v join sheet_frame_${frame.id} f using (ordinal)
      left join ${await answerKeysSql(context, [answers])} a using (row) where v.number is not null),
    sums as (select sum(number) as total, count(*) as n from clustered group by cluster)
    select count(*), coalesce(sum(power(total - n * mean, 2)), 0) from sums, (select avg(number) as mean from clustered)`);
  const [count, squares] = read.columns.map(([figure]) => Number(figure)) as [number, number];
  return { count, squares };
}
