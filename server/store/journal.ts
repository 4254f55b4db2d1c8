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
  /** The newest good answer for each call key there is, whole but for what was sent: `limit` of them in the order of their ids, over `after`; of a notebook's calls, or all. */
  answers(call: {
    readonly after: number;
    readonly limit: number;
    readonly notebook?: string;
  }): Promise<readonly PlacedAnswer[]>;
  /** Calls of a run, of a key, or all, newest first. Without `bodies` what was sent and answered is not read, and null as where it is no longer kept. */
  list(filter: { run?: string; key?: string; limit: number; bodies?: boolean }): Promise<readonly JournalCall[]>;
  /** One call, whole; null where there is none. */
  read(id: number): Promise<JournalCall | null>;
  /** What the calls sent at or after `time` (milliseconds since 1970) came to, those of one notebook or all: the figures of "today", and of budgets. */
  usageSince(time: number, notebook?: string): Promise<JournalUsage>;
  /** What budgets go by, as it is at one moment: what calls sent at or after `time` cost, those of one notebook or all, and what else they may still cost. */
  spendingSince(time: number, notebook?: string): Promise<JournalSpending>;
  /** The calls whose ids are over `after`, in the order of their ids, without what was sent and answered: what figures of money are made of. */
  ledger(call: { readonly after: number; readonly limit: number }): Promise<readonly LedgerCall[]>;
  /** Those of these calls that have ended, as `ledger` gives them. */
  endedOf(ids: readonly number[]): Promise<readonly LedgerCall[]>;
  /** Writes how many answers came free. */
  addFree(answers: readonly FreeAnswers[]): Promise<void>;
  /** What was written of free answers, by the ids of its rows, as `ledger`. */
  free(call: {
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly (FreeAnswers & { readonly id: number })[]>;
  readonly bodies: JournalBodies;
  readonly batches: JournalBatches;
  close(): Promise<void>;
}

/** What was sent and answered: the part of a call that a workspace may let go after a time. Its ledger row is never deleted. */
export interface JournalBodies {
  /** For how many days bodies are kept; null for ever, as long as nobody said otherwise. */
  days(): Promise<number | null>;
  keepFor(days: number | null): Promise<void>;
  /** How many calls that were sent, or came from elsewhere, before `time` (milliseconds since 1970) may have bodies still. */
  countBefore(time: number): Promise<number>;
  /**
   * Removes request, text, reasoning and response of calls that were sent, or came from elsewhere, before `time`, in the order of
   * their ids and at most `limit` of them in one transaction. Gives how many it went through: fewer than `limit` where that was all.
   */
  removeBefore(time: number, limit: number): Promise<number>;
  /**
   * Removes them of calls that were to be kept until `time` at the longest, `limit` at most in one transaction: of those that have no end
   * only where that is a day ago, and what an end brings later when it has come; of none of a batch that has not ended. Gives of how many.
   */
  removeOutlived(time: number, limit: number): Promise<number>;
  /** Gives room that is free back to the disk where it is most of a large file, which takes seconds. What is not given back is used again. */
  compact(): Promise<void>;
}

/** Batches of calls that a provider answers later. Each is written before it is sent; what it asks is let go when it has ended. */
export interface JournalBatches {
  add(batch: Omit<JournalBatch, "id" | "batch">): Promise<number>;
  /** Says under which id the provider has it. */
  submitted(id: number, batch: string): Promise<void>;
  /** Says that its answers are calls of the journal now, or that there are none to come. */
  ended(id: number): Promise<void>;
  /** Those that have not ended: of a subject, or all. */
  open(subject?: string): Promise<readonly JournalBatch[]>;
  /** Puts those of a notebook that have not ended to another path, and gives when the first of them was sent; null where there are none. */
  move(notebook: string, to: string): Promise<number | null>;
  /** The calls that were made of a batch's answers before a process ended, failed ones too. */
  written(batch: Pick<JournalBatch, "run" | "sentAt">): Promise<readonly WrittenCall[]>;
}

export interface JournalBatch {
  readonly id: number;
  /** What its results wait for. */
  readonly subject: string;
  /** Its id at the provider; null where that never answered. */
  readonly batch: string | null;
  readonly model: string;
  readonly notebook: string;
  readonly run: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly calls: readonly BatchedCall[];
  /** The most it may cost, US dollars, which budgets count until it is collected; null where that is not known. */
  readonly reserved: number | null;
  /** The rows of each sheet whose results wait for it: equal requests of several rows are one call. */
  readonly rows: { readonly [sheet: string]: readonly string[] };
}

export interface WrittenCall {
  readonly id: number;
  readonly key: string;
  readonly ended: boolean;
}

export interface BatchedCall {
  /** The call key, and its request's id in the batch. */
  readonly key: string;
  readonly address: string;
  readonly step: number;
  readonly request: Datum;
  /** For how many milliseconds from its collection its bodies are to be kept. */
  readonly keep?: number;
  /** Absent where the provider got its schema as one, or it has none. */
  readonly inWords?: SchemaInWords;
}

/** How a schema was asked for in the words of a request: with some JSON object asked for besides, or not. */
export interface SchemaInWords {
  readonly jsonObject: boolean;
}

/** Answers of one run, cell and model that nothing was sent for: the journal had them, or an equal call in flight. */
export interface FreeAnswers {
  /** When the first of them came, in milliseconds since 1970. */
  readonly at: number;
  readonly run: string;
  readonly notebook: string;
  readonly cell: string;
  readonly model: string;
  readonly answers: number;
  /** US dollars that the calls that made them cost, where that is known. */
  readonly cost: number;
  /** Those of which it is not known. */
  readonly unpriced: number;
  /** Tokens of those calls. */
  readonly input: number;
  readonly output: number;
}

/** A call as the ledger has it. What is null is not known, or not yet. */
export interface LedgerCall {
  readonly id: number;
  readonly run: string;
  readonly notebook: string;
  readonly address: string;
  readonly step: number;
  /** The requested model, and what answered by the provider's word. */
  readonly model: string;
  readonly answeredBy: string | null;
  readonly sentAt: number;
  readonly state: CallEnd["state"] | null;
  readonly finish: NonNullable<CallEnd["finish"]> | null;
  readonly endedAt: number | null;
  readonly firstTextAt: number | null;
  readonly usage: Usage;
  /** US dollars. */
  readonly cost: number | null;
  /** The code of its error. */
  readonly error: string | null;
  /** How often it was sent before, and failed. */
  readonly attempts: number;
  /** The provider that was asked last: the first name of the model, or of the one that took over. */
  readonly provider: string;
  /** Which of the provider's keys was used last, from 1; null where it has one or none. */
  readonly keyNumber: number | null;
  /** What tells that key from others, whatever their numbers: `CallEnd.keyHash`; null where there is none, and of calls of before it was kept. */
  readonly keyHash: string | null;
  /** Whether a provider's batch answered it, which takes hours. */
  readonly batched: boolean;
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
  /** US dollars that budgets count it at where it has no end, and its process may have died; absent where nobody knows. No figure of the ledger has it. */
  readonly expected?: number;
  /** When its bodies are to go, whatever the workspace keeps: milliseconds since 1970. */
  readonly keptUntil?: number;
  /** When it came to this journal, milliseconds since 1970, where that is later than it was sent: the days of the workspace begin then. */
  readonly keptFrom?: number;
}

export interface CallEnd {
  readonly state: "done" | "failed" | "cancelled" | "truncated";
  readonly endedAt: number;
  readonly firstTextAt?: number;
  readonly text: string;
  /** What the model thought before it answered, where the provider shows it. */
  readonly reasoning?: string;
  /** The attempts that failed before this end. */
  readonly attempts?: readonly CallAttempt[];
  readonly finish?: "stop" | "length" | "content-filter" | "other";
  readonly answeredBy?: string;
  /** The provider's id of the request, where its response began, however it ended. */
  readonly requestId?: string;
  /** Which of the provider's keys was used last, from 1; absent where it has one or none. */
  readonly keyNumber?: number;
  /** The first 8 hex digits of the SHA-256 of that key, which is in no journal itself; absent where it has none. */
  readonly keyHash?: string;
  /** What the provider sent, as it sent it, but for what stands in the call beside it (`said-once.ts`): of a failure its status and body, of an answer without an end what came first. Answers that are found by their key are given without it. */
  readonly response?: Datum;
  readonly usage: Usage;
  /** US dollars; null for unpriced. */
  readonly cost: number | null;
  /** US dollars that budgets count it at where it is unpriced and its model's price is known; no figure of the ledger has it, and no call that is read. */
  readonly expected?: number;
  /** How the cost was worked out, for the one who asks: price source, date, rates. */
  readonly price: Datum;
  readonly error?: CellError;
}

/** One attempt to send a call that failed and was followed by another. */
export interface CallAttempt {
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  readonly code: string;
  /** The provider's own words. */
  readonly message: string;
  /** Milliseconds until the next one. */
  readonly waited: number;
  /** Whether it is certain that nothing was billed for it. */
  readonly unbilled: boolean;
  /** The provider's id of the request, where its response began. */
  readonly requestId?: string;
  /** HTTP status, where that said that it failed. */
  readonly status?: number;
  /** Which of several keys was used, from 1. */
  readonly key?: number;
  /** The model that was asked from then on, where it was another. */
  readonly next?: string;
}

export interface JournalAnswer extends CallEnd {
  readonly id: number;
  readonly key: string;
  readonly model: string;
  readonly sentAt: number;
}

/** An answer with the place its call was made for. */
export interface PlacedAnswer extends JournalAnswer, Pick<CallIntent, "notebook" | "address" | "step"> {}

/** The run of calls that were made and paid for in another workspace: they answer equal ones, and are none of this one's ledger. */
export const importedRun = "imported";

/**
 * A call as it stands: one without an end is in flight, or was when its process died. `request` and the end's `text` are
 * null where retention has removed them, and its reasoning and response are gone with them; the rest of a call is never deleted.
 */
export interface JournalCall extends CallIntent {
  readonly id: number;
  readonly end: (Omit<CallEnd, "text"> & { readonly text: string | null }) | null;
}

/** Sums over calls. `cost` is the known part: where `unpriced` or `unanswered` is not 0, the truth is more. */
export interface CallSums {
  /** Calls that were sent. */
  readonly calls: number;
  /** US dollars of the calls whose price is known. */
  readonly cost: number;
  /** Ended calls whose price is not known. */
  readonly unpriced: number;
  /** Calls without an end: in flight, or lost with their process. */
  readonly unanswered: number;
}

/** Money as the journal has it at one moment: what ended before is in it, what ends later is not. */
export interface JournalSpending {
  /** US dollars of the calls that ended and have a price. */
  readonly cost: number;
  /**
   * Calls without one that were expected to cost something, and how much that is together: those that ended, and those without an
   * end that are out from another process, or were when theirs died.
   */
  readonly estimated: number;
  readonly expected: number;
  /** Those of which neither is known. */
  readonly unpriced: number;
  /** The highest id of the calls that were looked at, 0 where there are none; and which of them had no end. */
  readonly lastCall: number;
  readonly open: readonly number[];
  /** The batches that have not ended, and the US dollars reserved for each; null where nobody knows. */
  readonly batches: readonly { readonly id: number; readonly reserved: number | null }[];
}

export interface JournalUsage extends CallSums {
  /** The same by requested model, in alphabetical order. */
  readonly models: readonly (CallSums & { readonly model: string })[];
}
