import { texts, type Session } from "./duckdb-session.ts";
import { variantsPerRow, type SheetFrame } from "./sheet-catalog.ts";
import type { RowRange } from "./sheet-store.ts";

/** Which rows of a frame a statement is about: all, or few of them. */
export type RowScope = { readonly type: "all" } | SomeRows;

export interface SomeRows {
  readonly type: "some";
  /** The condition on the column `ordinal` of a table. */
  readonly condition: (table: string) => string;
  /** A condition on `address` that holds for all of them, by which most of a node's results need not be looked at. */
  readonly addresses: string;
  /** What a statement that uses the conditions has to define first, after its `with`. */
  readonly clause?: string;
}

/** The part of a node's results or overrides in which the rows of a scope are. */
export function within(table: string, scope: RowScope): string {
  return scope.type === "all" ? table : `(from ${table} where ${scope.addresses})`;
}

/** The scope of a range of rows; null where it has none. */
export async function scopeOf(session: Session, frame: SheetFrame, range: RowRange): Promise<SomeRows | null> {
  const from = Math.max(0, Math.trunc(range.from));
  const to = Math.min(frame.rowCount, Math.trunc(range.to));
  if (from >= to) return null;
  const between = (table: string): string => `${table}.ordinal >= ${from} and ${table}.ordinal < ${to}`;
  if (range.rows === undefined) {
    const found = await session.queryColumns(
      `select min(row), max(row) from sheet_frame_${frame.id} f where ${between("f")}`,
    );
    const [first, last] = found.columns.map(([row]) => Number(row)) as [number, number];
    return { type: "some", condition: between, addresses: addressesOf(first, last) };
  }
  const found = await session.queryColumns(
    `select ordinal, min(row) over (), max(row) over () from sheet_frame_${frame.id} f
     where ${between("f")} and label in (select unnest($rows)) order by ordinal`,
    { rows: texts(range.rows) },
  );
  const ordinals = found.columns[0] as readonly number[];
  if (ordinals.length === 0) return null;
  return {
    type: "some",
    condition: (table) =>
      `${table}.ordinal >= ${ordinals[0]} and ${table}.ordinal <= ${ordinals.at(-1)} and ${table}.ordinal in (${ordinals.join(", ")})`,
    addresses: addressesOf(Number(found.columns[1]![0]), Number(found.columns[2]![0])),
  };
}

/** Rows by their places, ascending, as a relation with the column `ordinal`: all between the first and the last, or those named. */
export function placesSql(frame: SheetFrame, ordinals: readonly number[]): string {
  const [first, last] = [ordinals[0]!, ordinals.at(-1)!];
  return isRange(ordinals)
    ? `(select ordinal from sheet_frame_${frame.id} where ordinal >= ${first} and ordinal <= ${last})`
    : `(select unnest([${ordinals.join(", ")}]::INTEGER[]) as ordinal)`;
}

/** The scope of rows by their places, ascending, and their numbers. */
export function scopeOfRows(ordinals: readonly number[], numbers: readonly number[]): SomeRows {
  const [first, last] = [ordinals[0]!, ordinals.at(-1)!];
  const between = (table: string): string => `${table}.ordinal >= ${first} and ${table}.ordinal <= ${last}`;
  const addresses = addressesOf(Math.min(...numbers), Math.max(...numbers));
  if (isRange(ordinals)) return { type: "some", condition: between, addresses };
  return {
    type: "some",
    // A list would stand in the statement once for each relation, and take longer to plan than to run.
    clause: `chosen as materialized (select unnest([${ordinals.join(", ")}]::INTEGER[]) as ordinal)`,
    // What is joined with the list of rows, `f`, needs no more than their bounds.
    condition: (table) => between(table) + (table === "f" ? " and f.ordinal in (select ordinal from chosen)" : ""),
    addresses,
  };
}

function isRange(ordinals: readonly number[]): boolean {
  return ordinals[0]! + ordinals.length - 1 === ordinals.at(-1);
}

function addressesOf(first: number, last: number): string {
  return `address >= ${first * variantsPerRow} and address < ${(last + 1) * variantsPerRow}`;
}
