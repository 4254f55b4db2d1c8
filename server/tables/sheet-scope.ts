import { texts, type Session } from "./duckdb-session.ts";
import type { SheetFrame } from "./sheet-catalog.ts";
import type { RowRange } from "./sheet-store.ts";

/** Which rows of a frame a statement is about: all, or few of them, by a condition on the column `ordinal` of a table. */
export type RowScope =
  | { readonly type: "all" }
  | { readonly type: "some"; readonly condition: (table: string) => string };

/** The scope of a range of rows; null where it has none. */
export async function scopeOf(session: Session, frame: SheetFrame, range: RowRange): Promise<RowScope | null> {
  const from = Math.max(0, Math.trunc(range.from));
  const to = Math.min(frame.rowCount, Math.trunc(range.to));
  if (from >= to) return null;
  const between = (table: string): string => `${table}.ordinal >= ${from} and ${table}.ordinal < ${to}`;
  if (range.rows === undefined) return { type: "some", condition: between };
  const found = await session.queryColumns(
    `select ordinal from sheet_frame_${frame.id} f where ${between("f")} and label in (select unnest($rows)) order by ordinal`,
    { rows: texts(range.rows) },
  );
  const ordinals = found.columns[0] as readonly number[];
  if (ordinals.length === 0) return null;
  return {
    type: "some",
    condition: (table) =>
      `${table}.ordinal >= ${ordinals[0]} and ${table}.ordinal <= ${ordinals.at(-1)} and ${table}.ordinal in (${ordinals.join(", ")})`,
  };
}
