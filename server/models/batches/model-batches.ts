import type { CellError } from "#server/notebook/value.ts";
import type { CallEnd, SchemaInWords } from "#server/store/journal.ts";
import type { ChatRequest, HttpPost } from "../model.ts";

/**
 * Requests that a provider answers together within a day, at half the price. A batch is known by its id alone: whoever has that can
 * look, collect and cancel from another process, days later. Everything rejects with a `ModelError`.
 */
export interface ModelBatches {
  /** The most that one batch takes. */
  readonly most: { readonly requests: number; readonly bytes: number };
  /** A request as it stands in a batch, its images read. Rejects as a call of it would where the model cannot answer it: nothing is sent. */
  line(request: BatchRequest): Promise<BatchLine>;
  /** Sends requests of one path and gives the batch's id. What it rejects with is `unbilled` where it is certain that there is no batch; once the batch itself is asked for, `signal` stops it no more. Ids are told apart, and made of at most 64 letters, digits, `-` and `_`. */
  submit(lines: readonly BatchLine[], signal: AbortSignal): Promise<string>;
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

export interface BatchLine {
  readonly id: string;
  /** Where it goes: the requests of one batch all go to one. */
  readonly path: HttpPost["path"];
  /** The JSON of it, as the provider takes it. */
  readonly text: string;
  /** How its schema is asked for in words, and its answer read by; absent where the provider gets the schema. */
  readonly inWords?: SchemaInWords;
}

export interface RunningBatch {
  readonly state: "running";
  readonly done: number;
  readonly total: number;
  /** When the provider gives up, in milliseconds since 1970; null where it does not say. */
  readonly until: number | null;
  /** Whether it is being cancelled; absent where it is not. */
  readonly cancelling?: true;
}

export type BatchState =
  | RunningBatch
  /** There are results, though some requests may have expired or been cancelled. */
  | { readonly state: "ended"; readonly at: number }
  /** The provider took none of it. */
  | { readonly state: "refused"; readonly error: CellError };

export interface BatchReading {
  /** A request that was sent, by its id: its answer is read by it. */
  readonly sentOf: (id: string) => SentInBatch | undefined;
}

export interface SentInBatch extends Pick<BatchLine, "inWords"> {
  readonly request: ChatRequest;
}

export interface BatchResult {
  /** Null where it cannot be read, as what was answered: it is that of a request without another result. */
  readonly id: string | null;
  /** As a call's own end, with a cost of null. */
  readonly end: CallEnd;
}
