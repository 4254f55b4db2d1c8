import type { LedgerCall } from "#server/store/journal.ts";

/** A copy of the journal's ledger in DuckDB, for figures of many calls: cache, copied again where it is missing. */
export interface CallStore {
  /** The id up to which every call is copied as it ended; 0 where none is. */
  through(): Promise<number>;
  /** Puts calls in the place of all over `after`; up to the id `through` they have ended for good. */
  replace(call: {
    readonly after: number;
    readonly calls: readonly LedgerCall[];
    readonly through: number;
  }): Promise<void>;
  /** What calls came to, in all, by day, and by what is asked for. */
  report(question: CostQuestion): Promise<CostReport>;
}

/** What calls are put together by. */
export const costGroupings = ["day", "model", "notebook", "cell", "run", "outcome"] as const;
export type CostGrouping = (typeof costGroupings)[number];

export interface CostQuestion {
  /** Sent at or after `from` and before `to`, milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly by: CostGrouping;
  /** Minutes the days are ahead of UTC. */
  readonly ahead: number;
  /** Only calls with these; a cell is named `NOTEBOOK CELL`. */
  readonly only: { readonly [Grouping in CostGrouping]?: string };
}

/** Figures of calls. */
export interface CostFigures {
  readonly calls: number;
  /** Calls that ended otherwise than well, and those without an end. */
  readonly failed: number;
  /** US dollars of those whose price is known. */
  readonly cost: number;
  /** Ended calls whose price is not known: where it is not 0, the truth is more. */
  readonly unpriced: number;
  readonly input: number;
  readonly output: number;
  readonly cachedInput: number;
  readonly reasoning: number;
  /** Milliseconds from sending to the end of good answers: the middle one, and the one that 95 in 100 are not over; null without one. */
  readonly latency: { readonly median: number; readonly p95: number } | null;
}

export interface CostReport {
  readonly total: CostFigures;
  /** Days in order; everything else by cost, dearest first. At most 500. */
  readonly groups: readonly (CostFigures & { readonly name: string })[];
  /** How many groups there are. */
  readonly groupCount: number;
  readonly days: readonly {
    readonly day: string;
    readonly cost: number;
    readonly calls: number;
    readonly failed: number;
  }[];
}
