import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { BatchedCall, CallEnd, Journal, JournalBatch } from "#server/store/journal.ts";
import type { BookedCall, Payer } from "../bounded.ts";
import { addJournaled, type CallHistory } from "../call-history.ts";
import { ModelError } from "../model-error.ts";
import type { ChatModel, ChatRequest } from "../model.ts";
import type { Prices } from "../prices.ts";
import { requestDatum } from "../request-datum.ts";
import { saidOnce } from "../said-once.ts";
import { shortHash } from "../short-hash.ts";
import { batchPrice } from "./batch-price.ts";
import type { BatchLine, BatchState, ModelBatches, RunningBatch, SentInBatch } from "./model-batches.ts";

/** A call that goes into a batch. */
export interface CallOfBatch {
  readonly key: string;
  readonly address: string;
  readonly step: number;
  readonly request: ChatRequest;
  /** For how many milliseconds from its collection it stays in the journal, a day at least; as long as the workspace keeps it where absent. */
  readonly keep?: number;
}

/** Sends calls as batches, and makes calls of the journal of what comes back, also after a restart. */
/** What there was to cancel: batches that are being cancelled now, only such as were answered already, or none that is open or goes on. */
export type Cancelled = "cancelling" | "answered" | "none";

export interface BatchDesk {
  /** Writes and sends the calls, in as many batches as it takes, which share what is reserved for them; their results wait for `subject`. Rejects with what the provider says; what was sent by then waits. */
  submit(
    subject: string,
    made: Pick<JournalBatch, "model" | "notebook" | "run" | "rows" | "reserved">,
    calls: readonly CallOfBatch[],
    signal: AbortSignal,
  ): Promise<void>;
  /** What a call waits for that is in a batch; null where it is in none, or its answer is in the journal. Its key is asked for only where there are any. */
  waitOf(key: () => Promise<string>): Promise<WaitInBatch | null>;
  /** Whether all batches of a subject are answered. Nothing is collected, and one that was refused is no answer. */
  isAnswered(subject: string, signal: AbortSignal): Promise<boolean>;
  /** Asks that nothing more is answered of those that run. What was answered by then is there to be collected when they have ended. */
  cancel(subject: string, signal: AbortSignal): Promise<Cancelled>;
  /**
   * Collects the batches of a subject that have ended. Rejects where the provider took none of one, whose calls can be sent again. A call whose end
   * cannot be written waits on, and its batch with it: what is collected then is tried again.
   */
  collect(subject: string, signal: AbortSignal): Promise<Collected>;
}

export interface WaitInBatch {
  /** That of its batch. */
  readonly subject: string;
  /** Why its answer, which has come, could not be written. */
  readonly unwritten?: string;
}

export type Collected =
  | RunningBatch
  | { readonly state: "none" }
  /** `rows` are those of each sheet whose results waited, `ends` how each call ended, by its key. */
  | { readonly state: "collected"; readonly rows: JournalBatch["rows"]; readonly ends: EndsInBatch };

/** How calls of batches ended, by their keys. */
export type EndsInBatch = ReadonlyMap<string, CallEnd["state"]>;

/** Where is counted what batches may cost, and what they came to. Nothing of it rejects. */
export interface BatchBooks {
  /** A batch was written, with what is reserved for it. */
  added(batch: BookedBatch): Promise<void>;
  /** It has ended, or was never taken: nothing is reserved for it any more. */
  ended(batch: BookedBatch): Promise<void>;
  /** One of its calls came to an end. */
  spent(payer: Payer, call: BookedCall): Promise<void>;
}

export type BookedBatch = Pick<JournalBatch, "id" | "notebook" | "run" | "sentAt" | "reserved">;

export interface BatchDeskSettings {
  readonly resolve: (name: string) => ChatModel;
  readonly journal: Pick<Journal, "begin" | "finish" | "batches">;
  readonly books: BatchBooks;
  readonly prices: Prices;
  /** Past calls for estimates, to which its answers are added. */
  readonly history?: Pick<CallHistory, "add">;
  readonly now: () => number;
}

/** How many results are written together. */
const atOnce = 500;

/** Milliseconds that an answer is kept at least: it is read from the journal when its result goes on, which may be after a restart, and would be sent and paid for again. */
const leastKept = 24 * 60 * 60_000;

export function createBatchDesk({ resolve, journal, prices, books, history, now }: BatchDeskSettings): BatchDesk {
  /** The calls of open batches, read when they are first asked for, and again when there may be others. */
  let waiting: Promise<ReadonlyMap<string, string>> | undefined;
  /** Why ends could not be written, by the keys of their calls. */
  const unwritten = new Map<string, string>();
  /** Those who collect the same at once share it: nothing is booked twice. */
  const collecting = new Map<string, Promise<Collected>>();

  async function openCalls(): Promise<ReadonlyMap<string, string>> {
    const calls = new Map<string, string>();
    for (const batch of await journal.batches.open()) {
      for (const { key } of batch.calls) calls.set(key, batch.subject);
      // Of one that could not be written as a whole, what is in the journal waits no more.
      for (const { key, ended } of await journal.batches.written(batch)) if (ended) calls.delete(key);
    }
    return calls;
  }

  async function end(batch: JournalBatch): Promise<void> {
    await journal.batches.ended(batch.id);
    waiting = undefined;
    await books.ended(batch);
  }

  /** How a batch stands. One that gives nothing has ended then, and says so. */
  async function look(batch: JournalBatch, signal: AbortSignal): Promise<Exclude<BatchState, { state: "refused" }>> {
    if (batch.batch === null) {
      await end(batch);
      throw new ModelError("model.batch-lost", `nobody knows whether a batch of ${batch.model} was taken`, {
        cure: "Its process or its connection ended while it was sent: look at the provider's list of batches. Run the cells again to send their calls anew.",
      });
    }
    const state = await resolve(batch.model).batches!.look(batch.batch, signal);
    if (state.state !== "refused") return state;
    await end(batch);
    throw new ModelError("model.batch-refused", state.error.message, { unbilled: true, cure: "Run the cells again." });
  }

  /** Writes what a batch came to, and gives whether all of it is written. */
  async function write(
    batch: JournalBatch,
    ends: Map<string, CallEnd["state"]>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const model = resolve(batch.model);
    const calls = new Map(batch.calls.map((call) => [call.key, call]));
    // What was written before a process ended, an answer or a failure, is not booked again; what was begun is ended.
    const begun = new Map<string, number>();
    for (const { id, key, ended } of await journal.batches.written(batch)) {
      if (ended) calls.delete(key);
      else begun.set(key, id);
    }
    const share = batch.reserved === null ? null : batch.reserved / batch.calls.length;
    const sentOf = (key: string): SentInBatch | undefined => sentIn(calls.get(key));
    let isWhole = true;
    const writeOne = (call: BatchedCall, end: CallEnd): Promise<void> =>
      writeEnd(call, end).then(
        () => void unwritten.delete(call.key),
        (thrown: unknown) => {
          isWhole = false;
          ends.delete(call.key);
          unwritten.set(call.key, toCellError(thrown).message);
        },
      );
    const writeEnd = async (call: BatchedCall, end: CallEnd): Promise<void> => {
      const { notebook, run, sentAt } = batch;
      const keptFrom = now();
      const kept = call.keep === undefined ? {} : { keptUntil: keptFrom + Math.max(call.keep, leastKept) };
      // What it may cost is reserved for its batch until that has ended.
      const intent = { ...call, ...kept, keptFrom, notebook, run, model: model.name, sentAt, expected: 0 };
      const id = begun.get(call.key) ?? (await journal.begin(intent));
      const known = { ...(await batchPrice(end, model, prices)), ...keyOf(model) };
      const priced = known.cost === null && share !== null ? { ...known, expected: share } : known;
      await journal.finish(id, saidOnce(priced, (call.request as { readonly schema?: Datum }).schema));
      if (history !== undefined)
        addJournaled(history, { ...call, notebook, run, model: model.name, sentAt, end: priced });
      await books.spent(batch, { id, sentAt, end: priced });
    };
    let writing: Promise<void>[] = [];
    /** A result that is nobody's: the calls without another have its words. */
    let unread: CallEnd | undefined;
    try {
      for await (const { id: key, end } of model.batches!.results(batch.batch!, { sentOf }, signal)) {
        if (key === null) unread ??= end;
        else if (ends.has(key)) ends.set(key, end.state);
        const call = calls.get(key ?? "");
        if (call === undefined) continue;
        calls.delete(call.key);
        writing.push(writeOne(call, end));
        if (writing.length < atOnce) continue;
        await Promise.all(writing);
        writing = [];
      }
      if (unread !== undefined) for (const call of calls.values()) writing.push(writeOne(call, unread));
    } finally {
      await Promise.all(writing);
    }
    return isWhole;
  }

  return {
    async waitOf(keyOf) {
      const reading = (waiting ??= openCalls());
      try {
        const calls = await reading;
        if (calls.size === 0) return null;
        const key = await keyOf();
        const [subject, fault] = [calls.get(key), unwritten.get(key)];
        return subject === undefined ? null : { subject, ...(fault === undefined ? {} : { unwritten: fault }) };
      } catch (thrown) {
        if (waiting === reading) waiting = undefined;
        throw thrown;
      }
    },
    async submit(subject, { model: name, notebook, run, rows, reserved }, calls, signal) {
      const batches = resolve(name).batches!;
      for await (const some of partsOf(calls, batches)) {
        const kept = some.map(({ call: { request, ...call }, line: { inWords } }) => ({
          ...call,
          request: requestDatum(request),
          ...(inWords === undefined ? {} : { inWords }),
        }));
        // Written before it is sent: what is paid for is never lost without a word.
        const made = {
          ...{ subject, model: name, notebook, run, sentAt: now(), calls: kept, rows },
          reserved: reserved === null ? null : (reserved * some.length) / calls.length,
        };
        const id = await journal.batches.add(made);
        waiting = undefined;
        await books.added({ ...made, id });
        if (signal.aborted) await end({ ...made, id, batch: null });
        const lines = some.map(({ line }) => line);
        let batch: string;
        try {
          batch = await batches.submit(lines, signal);
        } catch (thrown) {
          if (thrown instanceof ModelError && thrown.facts.unbilled) await end({ ...made, id, batch: null });
          throw thrown;
        }
        await journal.batches.submitted(id, batch);
      }
    },
    async isAnswered(subject, signal) {
      const open = await journal.batches.open(subject);
      for (const { model, batch } of open)
        if (batch === null || (await resolve(model).batches!.look(batch, signal)).state !== "ended") return false;
      return open.length > 0;
    },
    async cancel(subject, signal) {
      let found: Cancelled = "none";
      for (const { model, batch } of await journal.batches.open(subject)) {
        if (batch === null) continue;
        const batches = resolve(model).batches!;
        const state = await batches.look(batch, signal);
        if (state.state === "running") found = "cancelling";
        else if (state.state === "ended" && found === "none") found = "answered";
        if (state.state === "running" && state.cancelling !== true) await batches.cancel(batch, signal);
      }
      return found;
    },
    collect(subject, signal) {
      const collected =
        collecting.get(subject) ?? collectOnce(subject, signal).finally(() => collecting.delete(subject));
      collecting.set(subject, collected);
      return collected;
    },
  };

  async function collectOnce(subject: string, signal: AbortSignal): Promise<Collected> {
    const open = await journal.batches.open(subject);
    if (open.length === 0) return { state: "none" };
    const states = [];
    for (const batch of open) states.push({ batch, state: await look(batch, signal) });
    const running = states.flatMap(({ state }) => (state.state === "running" ? [state] : []));
    if (running.length > 0) {
      const ended = states.filter(({ state }) => state.state === "ended").map(({ batch }) => batch.calls.length);
      const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
      return {
        state: "running",
        done: sum([...ended, ...running.map(({ done }) => done)]),
        total: sum(open.map(({ calls }) => calls.length)),
        until: running[0]!.until,
        ...(running.some(({ cancelling }) => cancelling) ? { cancelling: true } : {}),
      };
    }
    const rows: { [sheet: string]: string[] } = {};
    const ends = new Map<string, CallEnd["state"]>();
    const whole: JournalBatch[] = [];
    for (const batch of open) {
      for (const { key } of batch.calls) ends.set(key, "failed");
      if (await write(batch, ends, signal)) whole.push(batch);
      for (const [sheet, some] of Object.entries(batch.rows)) (rows[sheet] ??= []).push(...some);
    }
    for (const batch of whole) await end(batch);
    // Some calls of one that stays open wait no more.
    waiting = undefined;
    return { state: "collected", rows, ends };
  }
}

interface CallInLine {
  readonly call: CallOfBatch;
  readonly line: BatchLine;
}

/** Calls as batches that a provider takes: each for one path, and no larger than it may be. */
async function* partsOf(
  calls: readonly CallOfBatch[],
  batches: ModelBatches,
): AsyncGenerator<readonly CallInLine[], void, undefined> {
  const parts = new Map<string, { some: CallInLine[]; bytes: number }>();
  for (const call of calls) {
    const line = await batches.line({ id: call.key, request: call.request });
    // Between two lines there is a sign, and around all of them some.
    const bytes = Buffer.byteLength(line.text) + 1;
    const part = parts.get(line.path) ?? { some: [], bytes: 20 };
    parts.set(line.path, part);
    const isFull = part.some.length === batches.most.requests || part.bytes + bytes > batches.most.bytes;
    if (isFull && part.some.length > 0) {
      yield part.some;
      Object.assign(part, { some: [], bytes: 20 });
    }
    part.some.push({ call, line });
    part.bytes += bytes;
  }
  for (const { some } of parts.values()) yield some;
}

/** A call as it was sent. Its images stay behind: they say nothing of its answer. */
function sentIn(call: BatchedCall | undefined): SentInBatch | undefined {
  if (call === undefined) return undefined;
  const { images: _, ...request } = call.request as unknown as ChatRequest;
  // Where text is continued the journal has no messages.
  const sent = { ...request, messages: request.messages ?? [] };
  return { request: sent, ...(call.inWords === undefined ? {} : { inWords: call.inWords }) };
}

/** The key of an account that its batches go out with is its first. */
function keyOf({ keys, keyHash }: ChatModel): Pick<CallEnd, "keyNumber" | "keyHash"> {
  return {
    ...(keys === undefined ? {} : { keyNumber: 1 }),
    ...(keyHash === undefined ? {} : { keyHash: shortHash(keyHash) }),
  };
}
