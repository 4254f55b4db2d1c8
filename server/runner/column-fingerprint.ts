import type { CanonicalInput } from "#server/notebook/canonical-json.ts";
import { keyWithText, type KeyParts, type KeyText } from "#server/notebook/cell-key.ts";
import type { Graph, Node, Sheet } from "#server/notebook/graph-node.ts";
import { hashOf } from "#server/notebook/hash.ts";
import { readState, rowsState, type Lookup, type ResultKey } from "#server/notebook/scalar-key.ts";
import { shownColumns } from "#server/notebook/shown-columns.ts";
import { nodeSpec } from "./sheet-frame.ts";
import type { SessionState } from "./session-state.ts";

/**
 * What decides all results of a sheet's column besides the results themselves: the table of the rows and whether that is settled, the keys of the column
 * and of every column it reads, and people's values in them. While it is the same, what was seen of the column still holds.
 */
export function columnFingerprint(node: Node, state: SessionState, lookup: Lookup): string {
  const { graph } = state;
  const sheet = graph.sheets.get(node.sheet!)!;
  const rows = rowsState(sheet, graph, lookup);
  const columns = columnsRead(node, graph).map((column) => [
    nodeSpec(column, graph, lookup) as unknown as CanonicalInput,
    overridesVersion(column, state),
  ]);
  return hashOf([rows.settled, rows.hash, sheet.key, columns]);
}

/** A hash of people's values in a column; null where there are none. */
function overridesVersion({ id }: Node, { rowOverrides }: SessionState): string | null {
  const overrides = rowOverrides.get(id);
  if (overrides === undefined || overrides.values.size === 0) return null;
  const entries = [...overrides.values].map(([address, { type, valueHash }]) => [address, type, valueHash]);
  return (overrides.version ??= hashOf(entries.sort(([left], [right]) => (left! < right! ? -1 : 1))));
}

/** The column itself and those of its sheet that it reads, directly or not. */
export function columnsRead(node: Node, graph: Graph): readonly Node[] {
  const found = new Set<Node>([node]);
  for (const column of found) {
    for (const read of column.reads) {
      const target = "node" in read ? graph.nodes.get(read.node) : undefined;
      if (target !== undefined && target.sheet === node.sheet) found.add(target);
    }
  }
  return [...found];
}

/** The key of a sheet's own table: what decides whether it is computed, its rows, and the columns it shows. */
export function sheetKey(sheet: Sheet, state: SessionState, lookup: Lookup): ResultKey {
  const { graph } = state;
  const rows = rowsState(sheet, graph, lookup);
  const name = sheet.rows?.as ?? "rows";
  const decided = sheet.condition === null ? null : readState(sheet.id, sheet.condition, {}, graph, lookup);
  const own = decided === null ? {} : { [sheet.condition!.as]: decided.hash ?? "none" };
  const unsettled = decided === null || decided.settled ? [] : [sheet.condition!.as];
  // Where it is skipped as a whole, nothing of its rows matters.
  if (decided?.hash === "skipped") return { ...keyWithText(own), parts: own, unsettled };
  const parts: { [part: string]: string } = { ...own, [name]: rows.hash ?? "none" };
  for (const node of shownColumns(sheet, graph)) parts[node.name] = `{} ${columnFingerprint(node, state, lookup)}`;
  return { ...keyWithText(parts), parts, unsettled: rows.settled ? unsettled : [...unsettled, name] };
}

/** The parts of a sheet's table in which results of these columns are still to come: they differ from those of now as long as it has them not. */
export function openParts(parts: KeyParts, columns: readonly string[]): KeyParts {
  return { ...parts, ...Object.fromEntries(columns.map((name) => [name, `open ${parts[name]}`])) };
}

/** Whether parts that were kept are those of now but for results that were still to come. */
export function areOpen(kept: KeyText, now: KeyText): boolean {
  return kept !== now && kept.replaceAll('":"open {}', '":"{}') === now;
}
