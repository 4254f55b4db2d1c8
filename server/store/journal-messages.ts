import type { CellError } from "#server/notebook/value.ts";
import type { CallEnd, CallIntent, Journal } from "./journal.ts";

/** What the journal's thread is started with. */
export interface JournalWorkerData {
  readonly folder: string;
  readonly workspace: string;
}

/** A call of the journal's thread; messages are lists of them. */
export interface JournalCallMessage {
  readonly number: number;
  readonly call: JournalThreadCall;
}

export type JournalThreadCall =
  | { readonly method: "open" | "close" }
  | { readonly method: "begin"; readonly intent: CallIntent }
  | { readonly method: "finish"; readonly id: number; readonly end: CallEnd }
  | { readonly method: "find"; readonly keys: readonly string[] }
  | { readonly method: "list"; readonly filter: Parameters<Journal["list"]>[0] }
  | { readonly method: "usageSince"; readonly time: number };

/** The answer to the call of that number. */
export type JournalAnswerMessage =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly error: CellError };
