import type { CallFacts } from "./services.ts";

/** What the calls of one result came to. */
export interface CallSums {
  /** US dollars: null where a call has no price; 0 without a call. */
  readonly cost: number | null;
  /** Tokens; null where no call tells them. */
  readonly input: number | null;
  readonly output: number | null;
  /** Milliseconds, one call after another; null without a call. */
  readonly latency: number | null;
  /** Whether every call had its answer in the journal; null without a call. */
  readonly cached: boolean | null;
  /** True where the answer, that of the last call, ended at the most tokens it may have. */
  readonly cutOff?: true;
}

export function callSums(calls: readonly CallFacts[]): CallSums {
  return {
    cost: calls.some(({ cost }) => cost === null) ? null : calls.reduce((total, { cost }) => total + (cost ?? 0), 0),
    input: sum(calls.map(({ usage }) => usage.input)),
    output: sum(calls.map(({ usage }) => usage.output)),
    latency: sum(calls.map(({ latency }) => latency)),
    cached: calls.length === 0 ? null : calls.every(({ cached }) => cached),
    ...(lastAnswer(calls)?.cutOff === true ? { cutOff: true } : {}),
  };
}

/** The call that answered last. */
export function lastAnswer<Call extends Pick<CallFacts, "embeds">>(calls: readonly Call[]): Call | undefined {
  return calls.findLast(({ embeds }) => embeds !== true);
}

function sum(numbers: readonly (number | undefined)[]): number | null {
  const known = numbers.filter((number) => number !== undefined);
  return known.length === 0 ? null : known.reduce((total, number) => total + number, 0);
}
