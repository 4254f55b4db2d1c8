import type { Read } from "#server/notebook/graph-node.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { FramePage } from "#server/tables/sheet-store.ts";
import type { ReadValue } from "./node-values.ts";

/** What a row gives, and why it has nothing by columns that are another sheet's cells: `Table.outcomes`. */
export interface GivenRow {
  readonly values: { readonly [column: string]: Datum };
  readonly lacks: { readonly [column: string]: string };
}

/** A row of a page of these columns. */
export function givenAt({ columns, outcomes }: FramePage, names: readonly string[], place: number): GivenRow {
  const lacks = Object.entries(outcomes).flatMap(([name, all]) => (all[place] == null ? [] : [[name, all[place]]]));
  return {
    values: Object.fromEntries(names.map((name, at) => [name, columns[at]![place] ?? null])),
    lacks: Object.fromEntries(lacks),
  };
}

/** What a read of a column comes to that has no value in this row, because a cell of another sheet has none there; null where it has one. */
export function lackingRead(
  column: string,
  { lacks }: GivenRow,
): Exclude<ReadValue, { readonly type: "value" | "error" }> | null {
  const lack = lacks[column];
  if (lack === undefined) return null;
  const space = lack.indexOf(" ");
  if (lack.slice(0, space) === "skipped") return { type: "skipped" };
  return { type: "missing", because: lack.slice(space + 1), failed: lack.slice(0, space) === "error" };
}

/** The same of an input whose binding reads the row by an expression: what is missing goes before what is skipped, which it may look at. */
export function lackingBinding(reads: readonly Read[], row: GivenRow): ReturnType<typeof lackingRead> {
  let found: ReturnType<typeof lackingRead> = null;
  for (const read of reads) {
    if (read.type !== "row") continue;
    const lack = lackingRead(read.column, row);
    if (lack?.type === "missing") return lack;
    if (lack !== null && !isLookedAt(read, reads)) found = lack;
  }
  return found;
}

function isLookedAt(read: Extract<Read, { readonly type: "row" }>, reads: readonly Read[]): boolean {
  return reads.some((other) => other.type === "row" && other.column === read.column && other.reference.tolerant);
}

/** Names under which columns that were skipped stand among an item's `skipped`. */
export function skippedColumns({ lacks }: GivenRow): readonly string[] {
  return Object.entries(lacks).flatMap(([column, lack]) => (lack.startsWith("skipped ") ? [`row.${column}`] : []));
}
