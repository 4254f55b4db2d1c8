import type { ColumnSummary } from "#server/runner/sheet-column.ts";
import { numberText } from "../values/value-summary";

/** A share as people read it: `97.0 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A mean with its interval and how many it is of: `97.0 % (93.6–98.6) n 200`. */
export function meanText({ mean, interval, n }: NonNullable<ColumnSummary["mean"]>, total?: number): string {
  const of = total !== undefined && total !== n ? `n ${n} of ${total}` : `n ${n}`;
  if (mean === null) return of;
  const bounds = interval === null ? "" : ` (${(interval.low * 100).toFixed(1)}–${(interval.high * 100).toFixed(1)})`;
  return `${percent(mean)}${bounds} ${of}`;
}

/** A number as people read it, with no more digits than it needs. */
export function figure(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString("en") : numberText(value);
}
