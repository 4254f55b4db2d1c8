import { blockedByError } from "#server/notebook/blocked-by-error.ts";
import { literal } from "./duckdb-session.ts";
import type { Outcome, RowFreshness, SheetCell } from "./sheet-store.ts";

/** How freshness stands in SQL: the place in this list. */
export const freshnessWords = [
  "never",
  "current",
  "stale-key",
  "stale-input",
  "stale-upstream",
  "locked",
  "edited",
] as const satisfies readonly RowFreshness[];

/** How outcomes are stored: the place in this list, which only grows. */
export const outcomeWords = [
  "ok",
  "error",
  "skipped",
  "blocked",
  "cancelled",
  "partial",
] as const satisfies readonly Outcome[];

/** How a person's own values are stored: the place in this list. */
export const overrideWords = ["locked", "edited"] as const;

export const freshnessCode = codes(freshnessWords);
export const outcomeCode = codes(outcomeWords);
export const overrideCode = codes(overrideWords);

/** The states whose value readers may use. */
export const settledCodes = [freshnessCode.current, freshnessCode.locked, freshnessCode.edited];

/** The condition that a stored result, in the relation `result`, is blocked because of errors alone. */
export function failedSql(result: string): string {
  return `case when ${result}.outcome = ${outcomeCode.blocked}
    then json_extract_string(${result}.error, '/code') = ${literal(blockedByError)} else false end`;
}

/** What of a result a row has in place of its value, in SQL: `error`, `skipped` or `open`, and the cell's name; null where there is one. `stored` and `override` are relations. */
export function lackSql({ id, continues }: SheetCell, settled: string, stored: string, override: string): string {
  const { ok, error, skipped } = outcomeCode;
  return `case when ${override}.type is not null then null
    when ${settled} and ${stored}.outcome in (${continues ? `${ok}, ${error}` : ok}) then null
    when ${settled} and ${stored}.outcome = ${skipped} then ${literal(`skipped ${id}`)}
    when ${settled} and (${stored}.outcome = ${error} or ${failedSql(stored)}) then ${literal(`error ${id}`)}
    else ${literal(`open ${id}`)} end`;
}

function codes<Word extends string>(words: readonly Word[]): { readonly [word in Word]: number } {
  return Object.fromEntries(words.map((word, code) => [word, code])) as { [word in Word]: number };
}
