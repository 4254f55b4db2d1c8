import type { CellError, Datum } from "#server/notebook/value.ts";
import type { Usage } from "#server/notebook/services.ts";

/**
 * The record of every call of a model: cache, resume and ledger in one table, in a file of its own with one writer. A call is
 * written before it is sent and after it is answered; both promises resolve when the write is on disk (`synchronous=FULL`).
 * Writes that wait together are committed together.
 */
export interface Journal {
  /** The newest good answer for each of these call keys: complete ones only, never an error, a cut-off or a partial one. */
  find(keys: readonly string[]): Promise<ReadonlyMap<string, JournalAnswer>>;
  /** Writes that a call is about to be sent, and gives its id. */
  begin(intent: CallIntent): Promise<number>;
  /** Writes how a call ended. */
  finish(id: number, end: CallEnd): Promise<void>;
  /** Calls of a run, or all, newest first. */
  list(filter: { run?: string; key?: string; limit: number }): Promise<readonly JournalCall[]>;
  close(): Promise<void>;
}

export interface CallIntent {
  readonly key: string;
  /** The workspace, notebook, address, step and run the call is made for. */
  readonly notebook: string;
  readonly address: string;
  readonly step: number;
  readonly run: string;
  readonly model: string;
  /** Everything that was in the request, without keys and secrets. */
  readonly request: Datum;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

export interface CallEnd {
  readonly state: "done" | "failed" | "cancelled" | "truncated";
  readonly endedAt: number;
  readonly firstTextAt?: number;
  readonly text: string;
  readonly finish?: "stop" | "length" | "content-filter" | "other";
  readonly answeredBy?: string;
  readonly requestId?: string;
  readonly usage: Usage;
  /** US dollars; null for unpriced. */
  readonly cost: number | null;
  /** How the cost was worked out, for the one who asks: price source, date, rates. */
  readonly price: Datum;
  readonly error?: CellError;
}

export interface JournalAnswer extends CallEnd {
  readonly id: number;
  readonly key: string;
  readonly model: string;
  readonly sentAt: number;
}

/** A call as it stands: one without an end was in flight when its process died. */
export interface JournalCall extends CallIntent {
  readonly id: number;
  readonly end: CallEnd | null;
}
