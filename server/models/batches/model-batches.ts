import type { CellError, Datum } from "#server/notebook/value.ts";
import type { CallEnd } from "#server/store/journal.ts";
import type { ChatRequest } from "../model.ts";

/**
 * Requests that a provider answers together within a day, at half the price. A batch is known by its id alone: whoever has that can
 * look, collect and cancel from another process, days later. Everything rejects with a `ModelError`.
 */
export interface ModelBatches {
  /** The most that one batch takes. */
  readonly most: { readonly requests: number; readonly bytes: number };
  /** Sends the requests and gives the batch's id. Ids are told apart, and made of at most 64 letters, digits, `-` and `_`. */
  submit(requests: readonly BatchRequest[], signal: AbortSignal): Promise<string>;
  look(batch: string, signal: AbortSignal): Promise<BatchState>;
  /** How the requests of an ended batch ended, in any order; without prices. Those that are in the middle of a batch are not given. */
  results(batch: string, options: BatchReading, signal: AbortSignal): AsyncIterable<BatchResult>;
  /** Asks that what is not answered is not. What was answered by then is in the results, and billed. */
  cancel(batch: string, signal: AbortSignal): Promise<void>;
}

export interface BatchRequest {
  readonly id: string;
  readonly request: ChatRequest;
}

export type BatchState =
  /** `until` is when the provider gives up, in milliseconds since 1970; null where it does not say. */
  | { readonly state: "running"; readonly done: number; readonly total: number; readonly until: number | null }
  /** There are results, though some requests may have expired or been cancelled. */
  | { readonly state: "ended"; readonly at: number }
  /** The provider took none of it. */
  | { readonly state: "refused"; readonly error: CellError };

export interface BatchReading {
  /** The schema of a request, by its id: a wrapped answer is unwrapped by it. */
  readonly schemaOf: (id: string) => Datum | undefined;
}

export interface BatchResult {
  readonly id: string;
  /** As a call's own end, with a cost of null. */
  readonly end: CallEnd;
}
