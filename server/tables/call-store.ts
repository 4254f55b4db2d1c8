import type { Table } from "#server/notebook/value.ts";
import type { FreeAnswers, LedgerCall } from "#server/store/journal.ts";

/** A copy of the journal's ledger in DuckDB, for figures of many calls: cache, copied again where it is missing. */
export interface CallStore {
  through(): Promise<CopiedThrough>;
  /** Adds calls, or puts them in the place of those with their ids. */
  put(calls: readonly LedgerCall[]): Promise<void>;
  /** Forgets all that is copied. */
  clear(): Promise<void>;
  /** Adds sums of free answers, which never change. */
  addFree(answers: readonly (FreeAnswers & { readonly id: number })[]): Promise<void>;
  /** What calls came to, in all, by day, and by what is asked for. */
  report(question: CostQuestion): Promise<CostReport>;
  /** The calls that figures are made of, a page of them. */
  list(question: CallsQuestion): Promise<CallsPage>;
  /** The free answers that figures are made of, the newest 500. */
  free(question: CallsOf): Promise<readonly FreeGroup[]>;
  /** The calls as an immutable table of their own, as SQL reads it. */
  table(): Promise<Table>;
}

/** How far the copy goes, with what tells the last rows from others of their ids. */
export interface CopiedThrough {
  /** The last call, up to which every one is copied; null where none is. */
  readonly call: Pick<LedgerCall, "id" | "sentAt" | "run" | "address"> | null;
  /** The last sum of free answers, likewise. */
  readonly free: (Pick<FreeAnswers, "at" | "run" | "cell"> & { readonly id: number }) | null;
  /** The calls that had not ended when they were copied. */
  readonly open: readonly number[];
}

/** What calls are put together by. */
export const costGroupings = ["day", "hour", "model", "provider", "key", "notebook", "cell", "run", "outcome"] as const;
export type CostGrouping = (typeof costGroupings)[number];

/** Which calls are looked at. */
export interface CallsOf {
  /** Sent at or after `from` and before `to`, milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Minutes the days are ahead of UTC, at first. */
  readonly ahead: number;
  /** When that changes, in order; absent where it never does. */
  readonly changes?: readonly ClockChange[];
  /** Only calls with these; a cell is named `NOTEBOOK CELL`, a key `PROVIDER HASH`, of before that was kept `PROVIDER NUMBER`, or `PROVIDER` where it has none. */
  readonly only: { readonly [Grouping in CostGrouping]?: string };
}

/** A change of the clocks, as to summer time. */
export interface ClockChange {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Minutes ahead of UTC from then on. */
  readonly ahead: number;
}

export interface CostQuestion extends CallsOf {
  readonly by: CostGrouping;
}

/** Figures of calls. */
export interface CostFigures {
  readonly calls: number;
  /** Calls that ended otherwise than well, and those without an end. */
  readonly failed: number;
  /** US dollars of those whose price is known. */
  readonly cost: number;
  /** Calls whose price is not known, those without an end included: where it is not 0, the truth is more. */
  readonly unpriced: number;
  readonly input: number;
  readonly output: number;
  readonly cachedInput: number;
  readonly reasoning: number;
  /** Milliseconds from sending to the end of good answers, those of batches left out: those that 50, 95 and 99 in 100 are not over; null without one. */
  readonly latency: { readonly median: number; readonly p95: number; readonly p99: number } | null;
  readonly free: FreeFigures;
}

/** Answers that nothing was sent for: they are no calls, and in no other figure. */
export interface FreeFigures {
  readonly answers: number;
  /** US dollars that sending them would have cost, as far as it is known. */
  readonly cost: number;
  /** Those of which it is not known. */
  readonly unpriced: number;
}

export interface CostReport {
  readonly total: CostFigures;
  /** Days and hours in order; everything else by cost, dearest first. At most 500. */
  readonly groups: readonly CostGroup[];
  /** How many groups there are. */
  readonly groupCount: number;
  readonly days: readonly CostDay[];
  /** The hours of a day that is alone; empty otherwise. */
  readonly hours: readonly CostDay[];
}

export interface CostGroup extends CostFigures {
  readonly name: string;
  /** Which of the provider's keys the last of the calls went out with, from 1; null where it had one or none. */
  readonly keyNumber: number | null;
}

/** Figures of a day, or of an hour. */
export interface CostDay {
  /** `2026-12-01`, or `2026-12-01 14:00`. */
  readonly day: string;
  readonly cost: number;
  readonly calls: number;
  readonly failed: number;
  /** Calls that are not in `cost`, as their price is not known. */
  readonly unpriced: number;
  readonly free: number;
  /** US dollars. */
  readonly saved: number;
  /** Free answers that are not in `saved`. */
  readonly freeUnpriced: number;
  readonly input: number;
  readonly output: number;
  readonly latency: CostFigures["latency"];
}

/** Which of the calls are listed, as their figures are named, and which comes first. */
export const callKinds = ["all", "failed", "unpriced"] as const;
export type CallKind = (typeof callKinds)[number];
export const callOrders = ["newest", "dearest", "slowest"] as const;
export type CallOrder = (typeof callOrders)[number];

export interface CallsQuestion extends CallsOf {
  readonly kind: CallKind;
  readonly order: CallOrder;
  /** The place after which the page begins; null for the first. */
  readonly after: CallPlace | null;
  readonly limit: number;
}

/** A call's place in an order: the figure it is ordered by, and its id. */
export interface CallPlace {
  readonly value: number;
  readonly id: number;
}

export interface CallsPage {
  readonly calls: readonly ListedCall[];
  /** Where the next page begins; null where this is the last. */
  readonly next: CallPlace | null;
}

/** A call as a list has it. */
export interface ListedCall extends Omit<
  LedgerCall,
  "usage" | "step" | "firstTextAt" | "finish" | "answeredBy" | "batched"
> {
  readonly input: number | null;
  readonly output: number | null;
}

/** Free answers of one run, cell and model. */
export interface FreeGroup extends FreeFigures {
  /** When the last of them came. */
  readonly at: number;
  readonly run: string;
  readonly notebook: string;
  readonly cell: string;
  readonly model: string;
}
