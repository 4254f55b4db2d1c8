import type { Coordinates } from "#server/notebook/address.ts";
import type { Value } from "#server/notebook/value.ts";
import { valueSummary, valueText } from "../values/value-summary.ts";

/** The axis of a cell's repeats. */
const repeat = "repeat";

/** A variant, or all repeats of it. */
export interface VariantGroup {
  /** Its labels without the repeat's. */
  readonly at: Coordinates;
  /** Addresses of the repeats in order; one where there are none. */
  readonly addresses: readonly string[];
}

/** Addresses with those that differ in their repeat alone together. */
export function groupRepeats(variants: readonly { address: string; at: Coordinates }[]): readonly VariantGroup[] {
  const groups = new Map<string, { at: Coordinates; addresses: string[] }>();
  for (const { address, at } of variants) {
    const rest = Object.fromEntries(Object.entries(at).filter(([axis]) => axis !== repeat));
    const key = JSON.stringify(Object.entries(rest).sort());
    const group = groups.get(key) ?? { at: rest, addresses: [] };
    group.addresses.push(address);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** How often each value came, in a line. What is alike as far as that goes is not the same. */
export function tallyValues(values: readonly Value[]): ReturnType<typeof tally> {
  const lines = new Map(values.map((value) => [valueText(value), valueSummary(value).slice(0, 60)]));
  return tally(values.map(valueText)).map(({ answer, count }) => ({ answer: lines.get(answer)!, count }));
}

/** How often each answer came, the most frequent first: `card_arrival × 4, exchange_rate × 1`. */
export function tally(answers: readonly string[]): readonly { readonly answer: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts]
    .map(([answer, count]) => ({ answer, count }))
    .sort((left, right) => right.count - left.count || (left.answer < right.answer ? -1 : 1));
}
