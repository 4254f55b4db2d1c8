import type { Services } from "#server/notebook/services.ts";
import type { Tables } from "#server/tables/tables.ts";
import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import type { RunNews } from "./run-event.ts";
import type { LiveResult, SessionState } from "./session-state.ts";

/** What the steps of one run share. */
export interface RunContext {
  readonly state: SessionState;
  readonly services: Services;
  readonly tables: Tables;
  readonly signal: AbortSignal;
  /** Whether errors of cells that call something are tried again though nothing they depend on changed. */
  readonly retryErrors: boolean;
  /** Whether the journal has the answers of all these calls. */
  readonly allCached: (calls: readonly PlannedCall[]) => Promise<boolean>;
  emit(news: RunNews): void;
  /** Keeps a result outside sheets: in memory at once, in the store with the next write. */
  keep(result: LiveResult): void;
  /** Notes a sheet's results for the run's record. */
  record(results: readonly RecordedResult[]): void;
  now(): number;
}

export interface RecordedResult {
  readonly address: string;
  readonly cellKey: string;
  readonly callKeys: readonly string[];
  readonly outcome: LiveResult["outcome"];
  readonly score: number | null;
  readonly cost: number | null;
}
