import { lastAnswer } from "#server/notebook/call-sums.ts";
import type { CallFacts } from "#server/notebook/services.ts";

/** What the calls of one result came to. */
export interface CallTotals {
  /** Milliseconds. */
  readonly latency: number;
  /** US dollars; null where some have no price. */
  readonly cost: number | null;
  /** Tokens; null where some provider did not say. */
  readonly input: number | null;
  readonly output: number | null;
  /** Whether nothing was sent for it. */
  readonly cached: boolean;
  /** Whether the answer, that of the last call, ended at the most tokens it may have. */
  readonly cutOff: boolean;
}

/** The sums of calls; null of none. */
export function callTotals(
  calls: readonly Pick<CallFacts, "latency" | "cost" | "usage" | "cached" | "cutOff" | "embeds">[],
): CallTotals | null {
  if (calls.length === 0) return null;
  return {
    latency: calls.reduce((sum, { latency }) => sum + latency, 0),
    cost: sumOf(calls.map(({ cost }) => cost)),
    input: sumOf(calls.map(({ usage }) => usage.input ?? null)),
    output: sumOf(calls.map(({ usage }) => usage.output ?? null)),
    cached: calls.every(({ cached }) => cached),
    cutOff: lastAnswer(calls)?.cutOff === true,
  };
}

function sumOf(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce((sum, number) => (sum === null || number === null ? null : sum + number), 0);
}
