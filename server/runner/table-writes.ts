import type { Graph, Sheet } from "#server/notebook/graph-node.ts";
import { shownColumns } from "#server/notebook/shown-columns.ts";
import { columnsRead } from "./column-fingerprint.ts";
import type { LiveResult, SessionState } from "./session-state.ts";

/** Counts that results were put into a column of a sheet. */
export function countWrite(column: string, { writes }: SessionState): void {
  writes.set(column, (writes.get(column) ?? 0) + 1);
}

/** How often results were put into each of a sheet's columns: taken before its table is made, so that none is missed. */
export function writesOf({ nodes }: Sheet, { writes }: SessionState): ReadonlyMap<string, number> {
  return new Map(nodes.map((column) => [column, writes.get(column) ?? 0]));
}

/** Says what writes a sheet's own table has in it, where it is the one that was kept: another run may have made a later one. */
export function noteTable(
  { id }: Sheet,
  made: ReadonlyMap<string, number>,
  value: LiveResult["value"],
  { results, tableWrites }: SessionState,
): void {
  if (results.get(id)?.value === value) tableWrites.set(id, made);
}

/** Names of the columns whose results changed since a sheet's own table was made, of those it shows or that these read. */
export function writtenSince(sheet: Sheet, { graph, writes, tableWrites }: SessionState): readonly string[] {
  const made = tableWrites.get(sheet.id);
  if (made === undefined) return [];
  return tableColumns(sheet, graph)
    .filter(({ id }) => made.get(id) !== (writes.get(id) ?? 0))
    .map(({ name }) => name);
}

function tableColumns(sheet: Sheet, graph: Graph) {
  return [...new Set(shownColumns(sheet, graph).flatMap((node) => columnsRead(node, graph)))];
}
