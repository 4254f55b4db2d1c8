import { foldName } from "#server/notebook/names.ts";
import type { ColumnOrigin, SqlColumn } from "#server/notebook/sql-analysis.ts";
import { unique, type Parts, type Scope, type Source } from "./sql-frame.ts";
import type { SqlNode } from "./sql-tree.ts";

/** What a column is named through, with how many parts name that; null for a column alone. */
function sourceOf(parts: Parts, { frames }: Scope): { readonly source: Source; readonly parts: number } | null {
  if (parts.length < 2) return null;
  for (const { sources } of frames) {
    const named = (name: string): Source | undefined => sources.findLast((source) => source.name === foldName(name));
    const source = named(parts[0]!);
    if (source !== undefined) return { source, parts: 1 };
    const full = named(parts[1]!);
    if (full?.isOwnName && full.table?.length === 2 && foldName(full.table[0]!) === foldName(parts[0]!))
      return { source: full, parts: 2 };
  }
  return null;
}

/** The table that a column is named through: `tickets.text`, or `triage.correct.score` in full. */
export function tableOf(parts: Parts, scope: Scope): Parts | null {
  const source = sourceOf(parts, scope)?.source;
  return source?.isOwnName ? source.table : null;
}

/** Of which tables a column may be; undefined where of none. */
export function originOf(node: SqlNode, parts: Parts, scope: Scope): ColumnOrigin | undefined {
  const isOutput = scope.frames[0]?.outputs.has(node) ?? false;
  const through = sourceOf(parts, scope);
  if (through !== null) {
    const { table, passes } = through.source;
    return passes.length === 0 ? undefined : { table, row: null, at: through.parts, mayBeOf: passes, isOutput };
  }
  const frame = scope.frames.find(({ sources, isClosed }) => sources.length > 0 || isClosed);
  if (frame === undefined || frame.isClosed) return undefined;
  const mayBeNamed = frame.isLast === true && frame.aliases.has(foldName(parts[0]!));
  const only = frame.sources.length === 1 && !mayBeNamed ? frame.sources[0]! : null;
  const own = frame.sources.find(
    ({ name, isOwnName }) => isOwnName && parts.length === 1 && name === foldName(parts[0]!),
  );
  const mayBeOf = unique(scope.frames.flatMap(({ sources }) => sources.flatMap(({ passes }) => passes)));
  return mayBeOf.length === 0
    ? undefined
    : { table: only?.table ?? null, row: own?.table ?? null, at: 0, mayBeOf, isOutput };
}

/**
 * Whether a column is one of a query's own `from`, in parentheses or of a statement: `certain` where the statement names it there, `maybe` where
 * what is read there may have it, and otherwise null: then it is of what stands around all of it, as of a formula's row.
 */
export function withinOf(parts: Parts, scope: Scope): NonNullable<SqlColumn["within"]> | null {
  if (sourceOf(parts, scope) !== null) return "certain";
  const name = foldName(parts[0]!);
  const sources = scope.frames.flatMap((frame) => frame.sources);
  if (sources.some(({ columns }) => columns.names.has(name))) return "certain";
  const isOpen =
    sources.some(({ columns }) => !columns.areAll) ||
    scope.frames.slice(0, -1).some(({ aliases }) => aliases.has(name));
  return isOpen ? "maybe" : null;
}
