import { variantsPerRow } from "./sheet-catalog.ts";
import type { CellPlace } from "./sheet-views.ts";
import { shownSql, type ViewContext } from "./view-sql.ts";

/**
 * The calls behind results of a sheet as SQL, `(row, place, calls)`: `calls` is equal where the same ones were made, and where there
 * were none there is no record. For each place `answers` has the results whose calls are meant.
 */
export async function answerKeysSql(
  context: Pick<ViewContext, "catalog" | "frame">,
  answers: readonly (readonly CellPlace[])[],
): Promise<string> {
  const places = new Map<string, string[]>();
  for (const [place, results] of answers.entries())
    for (const [index, { node, at }] of results.entries()) {
      const known = places.get(node) ?? [];
      places.set(node, known);
      known.push(`(${place}, ${index}, ${await context.catalog.variant(context.frame.sheet, at)})`);
    }
  const made: string[] = [
    "select null::BIGINT as row, null as place, null as index, null::VARCHAR[] as keys where false",
  ];
  for (const [node, records] of places)
    made.push(`select address // ${variantsPerRow}, p.place, p.index, json_extract_string(calls, '$[*].key')
      from ${await shownSql(context, node)} a join (values ${records.join(", ")}) p(place, index, variant)
        on a.address % ${variantsPerRow} = p.variant where calls <> '[]'`);
  return `(select row, place, bit_xor(hash(index, keys)) as calls from (${made.join(" union all ")}) group by all)`;
}
