import type { Node, Sheet } from "./graph-node.ts";

/** The columns a sheet's table has: cells without axes. One with axes has a record for each of its labels in its own table. */
export function shownColumns(
  sheet: Pick<Sheet, "columns">,
  { nodes }: { readonly nodes: ReadonlyMap<string, Node> },
): readonly Node[] {
  return sheet.columns.map((id) => nodes.get(id)!).filter((node) => node.axes.length === 0 && node.blocked === null);
}
