import type { CallFacts } from "#server/notebook/services.ts";

/** What a run's calls came to. */
export interface Spending {
  /** Calls that were sent for this run. */
  readonly made: number;
  /** Calls answered from the journal or by an equal call in flight. */
  readonly cached: number;
  /** US dollars of the calls made whose price is known. */
  readonly cost: number;
  /** Calls made whose price is not known: where it is not 0, the truth is more than `cost`. */
  readonly unpriced: number;
}

/** Sums the facts of calls. A cached call spent nothing, whatever its answer cost when it was made. */
export function sumSpending(calls: Iterable<CallFacts>): Spending {
  let [made, cached, cost, unpriced] = [0, 0, 0, 0];
  for (const call of calls) {
    if (call.cached) cached += 1;
    else {
      made += 1;
      if (call.cost === null) unpriced += 1;
      else cost += call.cost;
    }
  }
  return { made, cached, cost, unpriced };
}
