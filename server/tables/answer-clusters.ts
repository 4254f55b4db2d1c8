import { variantsPerRow } from "./sheet-catalog.ts";
import type { CellPlace, ColumnFigures } from "./sheet-views.ts";
import { shownSql, type ViewContext } from "./view-sql.ts";

/**
 * The clusters of the numbers in a temporary table `(ordinal, number)`: rows at which the same calls were made share their
 * answers and are one, a row without calls is one by itself.
 */
export async function readClusters(
  context: ViewContext,
  table: string,
  answers: readonly CellPlace[],
): Promise<NonNullable<ColumnFigures["clusters"]>> {
  const { catalog, session, frame } = context;
  const joins: string[] = [];
  for (const [index, { node, at }] of answers.entries())
    joins.push(`left join (
        select address // ${variantsPerRow} as row, json_extract_string(calls, '$[*].key') as keys from ${await shownSql(context, node)}
        where address % ${variantsPerRow} = ${await catalog.variant(frame.sheet, at)} and calls <> '[]') a${index} on a${index}.row = f.row`);
  const keys = answers.map((_, index) => `a${index}.keys`);
  const calls = keys.length === 0 ? "null" : `coalesce(${keys.join(", ")})`;
  const cluster = `case when ${calls} is null then hash(f.ordinal) else hash([${keys.join(", ")}]) end`;
  const read = await session.queryColumns(`
    with clustered as (
      select v.number, ${cluster} as cluster from ${table} v join sheet_frame_${frame.id} f on f.ordinal = v.ordinal ${joins.join(" ")}
      where v.number is not null),
    sums as (select sum(number) as total, count(*) as n from clustered group by cluster)
    select count(*), coalesce(sum(power(total - n * mean, 2)), 0) from sums, (select avg(number) as mean from clustered)`);
  const [count, squares] = read.columns.map(([figure]) => Number(figure)) as [number, number];
  return { count, squares };
}
