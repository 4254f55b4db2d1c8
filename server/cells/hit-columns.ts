import { foldName } from "#server/notebook/names.ts";
import type { Column } from "#server/notebook/value.ts";

/**
 * A searched table's own columns as hits have them, beside those of `hit`: one that is called so, whatever its case, is
 * `row_text` or `row_score`, with a number where that is taken too. The searched column is not repeated where `text` is its name.
 * `from` is a column's place in the table.
 */
export function hitColumns(
  columns: readonly Column[],
  searched: string,
  hit: readonly Column[],
): readonly { readonly column: Column; readonly from: number }[] {
  const taken = new Set(columns.map(({ name }) => foldName(name)));
  return columns.flatMap((column, from) => {
    const folded = foldName(column.name);
    if (!hit.some(({ name }) => name === folded)) return [{ column, from }];
    if (folded === "text" && column.name === searched) return [];
    let name = `row_${folded}`;
    for (let number = 2; taken.has(name); number += 1) name = `row_${folded}_${number}`;
    return [{ column: { ...column, name }, from }];
  });
}
