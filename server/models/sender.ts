import type { Address } from "#server/notebook/address.ts";
import type { Priority } from "#server/notebook/services.ts";
import type { CallEnd } from "#server/store/journal.ts";
import type { ModelFileProgress } from "./files/model-file.ts";
import type { ChatModel, ChatRequest } from "./model.ts";

/** What a call is made for. */
export interface CallContext {
  /** The notebook's path in its workspace, and the run's id. */
  readonly notebook: string;
  readonly run: string;
  readonly priority?: Priority;
  /** Answers older than this many milliseconds are not taken from the journal; 0 takes none. Absent: of any age. */
  readonly maximumAge?: number;
  /** For how many milliseconds what is sent and answered stays in the journal. Absent: as long as the workspace keeps it. */
  readonly keep?: number;
  /** Told how far the model's file is where it is fetched first; null when that is over. */
  readonly onFile?: (progress: ModelFileProgress | null) => void;
  /** Called when it is about to be sent: from then on it may be billed for. What it throws keeps it from being sent. */
  readonly onSend?: () => void;
}

/** A call on its way to a model, with all the wrappers need. */
export interface OutgoingCall {
  readonly key: string;
  readonly model: ChatModel;
  /** The models that answer where the provider of the first is down. */
  readonly others?: readonly ChatModel[];
  readonly request: ChatRequest;
  readonly context: CallContext;
  readonly address: Address;
  readonly step: number;
  /** US dollars it may cost, where budgets worked that out. */
  readonly expected?: number;
}

/** A call that came to its end, good or bad. */
export interface SentCall {
  /** Its id in the journal, where it was sent. */
  readonly id?: number;
  readonly sentAt: number;
  readonly end: CallEnd;
  /** Whether nothing was sent for it. */
  readonly cached: boolean;
  /** What was thrown, where the end is not `done`. */
  readonly thrown?: unknown;
}

/**
 * Sends a call and resolves when it has ended; a call that failed, was cut off or cancelled is an end too. It rejects only
 * where nothing was sent, or the end could not be written. Wrappers are functions from a `Send` to a `Send`. `onText` gets
 * the text so far.
 */
export type Send = (call: OutgoingCall, signal: AbortSignal, onText: (text: string) => void) => Promise<SentCall>;

/** The names of the models that may answer in the stead of a call's own, in their order. */
export function namesOf({ others = [] }: Pick<OutgoingCall, "others">): readonly string[] {
  return others.map(({ name }) => name);
}
