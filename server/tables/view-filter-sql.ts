import type { Operand, ViewFilter } from "#server/notebook/sheet-view.ts";
import { folded, type ColumnParts } from "./column-parts.ts";
import { literal } from "./duckdb-session.ts";

/** The filters that are about one value. */
export type ValueFilter = Exclude<ViewFilter, { readonly type: "state" | "differs" }>;

/**
 * Whether a value fulfils a filter, and whether the filter is the opposite of that: what `not` says, and emptiness, is told of
 * what is there.
 */
export function valueFilterSql(
  filter: ValueFilter,
  parts: ColumnParts,
): { readonly condition: string; readonly opposite: boolean } {
  switch (filter.type) {
    case "is":
    case "is-not":
      return { condition: isSql(filter.value, parts), opposite: filter.type === "is-not" };
    case "one-of":
      return { condition: either(filter.values.map((value) => isSql(value, parts))), opposite: false };
    case "contains":
      return { condition: containsSql(parts.text, filter.text), opposite: false };
    case "less":
      return { condition: compareSql(parts, "<", filter.than), opposite: false };
    case "greater":
      return { condition: compareSql(parts, ">", filter.than), opposite: false };
    case "between":
      return {
        condition: `(${compareSql(parts, ">=", filter.from)} and ${compareSql(parts, "<=", filter.to)})`,
        opposite: false,
      };
    case "empty":
    case "not-empty":
      return { condition: parts.present, opposite: filter.type === "empty" };
  }
}

/** Whether a text has another in it, whatever their case. */
export function containsSql(text: string, part: string): string {
  return `coalesce(contains(lower(${text}), lower(${literal(part)})), false)`;
}

/** One of several conditions. */
export function either(conditions: readonly string[]): string {
  return conditions.length === 0 ? "false" : `(${conditions.join(" or ")})`;
}

function isSql(value: Operand, { text, number, truth }: ColumnParts): string {
  switch (typeof value) {
    case "boolean":
      return `coalesce(${truth} = ${value}, false)`;
    case "number":
      return `coalesce(${number} = ${double(value)}, false)`;
    case "bigint":
    case "string":
      return `coalesce(${text} = ${literal(String(value))}, false)`;
  }
}

function compareSql(
  { text, number, instant }: ColumnParts,
  sign: "<" | ">" | "<=" | ">=",
  bound: number | string,
): string {
  if (typeof bound === "number") return `coalesce(${number} ${sign} ${double(bound)}, false)`;
  if (instant !== undefined)
    return `coalesce(${instant.value} ${sign} try_cast(${literal(bound)} as ${instant.sql}), false)`;
  const compared = `${folded(text)} ${sign} ${folded(literal(bound))}`;
  return `coalesce(${number} is null and ${compared}, false)`;
}

function double(value: number): string {
  return `cast(${literal(String(value))} as DOUBLE)`;
}
