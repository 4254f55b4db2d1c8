import { addressText, type Address } from "#server/notebook/address.ts";
import type { CallFacts, ModelParameters } from "#server/notebook/services.ts";
import type { Datum, Message, StoredFile } from "#server/notebook/value.ts";
import { importedRun, type CallAttempt, type CallEnd, type JournalCall } from "#server/store/journal.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";

/** One call of a result: its facts, and what the journal has of it. */
export interface CallDetail extends CallFacts {
  /** Null where the journal has no such call any more. */
  readonly journal: JournaledCall | null;
}

export interface JournaledCall {
  /** The requested model. */
  readonly model: string;
  readonly step: number;
  /** The run that sent it, and for which address: another's, where its answer was there already. */
  readonly run: string;
  readonly address: string;
  /** Whether it was made in another workspace, and its answer alone came from there. */
  readonly imported: boolean;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  /** Milliseconds from sending to the first text, and to the end. */
  readonly firstText: number | null;
  readonly latency: number;
  /** Null where it has not ended: it is under way, or was lost with its process. */
  readonly state: CallEnd["state"] | null;
  readonly finish: CallEnd["finish"] | null;
  readonly requestId: string | null;
  /** What was sent; null where it is no longer kept. */
  readonly request: {
    readonly messages: readonly Message[];
    readonly completion: string | null;
    readonly parameters: ModelParameters;
    readonly schema: Datum | null;
    /** The pictures that went with a message of the user, by their hashes, and the number of that message from 0. */
    readonly images: readonly SentImage[];
    readonly imageMessage: number;
    /** How much was embedded, where that was asked in place of an answer: the texts themselves are not kept. */
    readonly embedding: EmbeddedSize | null;
  } | null;
  /** The raw answer; null where it is no longer kept. */
  readonly text: string | null;
  /** What the model thought before it answered, where its provider shows it. */
  readonly reasoning: string | null;
  /** What the provider sent, but for what stands in the call beside it; null where it said no more, or where it is no longer kept. */
  readonly response: Datum;
  /** Which of the provider's keys answered, from 1; null where it has one or none. */
  readonly keyNumber: number | null;
  /** The first 8 hex digits of that key's SHA-256; null where there is none, and of calls of before it was kept. */
  readonly keyHash: string | null;
  /** The attempts that failed before. */
  readonly attempts: readonly CallAttempt[];
  readonly error: CallEnd["error"] | null;
  /** How the cost was worked out. */
  readonly price: Datum;
}

export interface EmbeddedSize {
  readonly texts: number;
  readonly characters: number;
}

/** A picture as the journal has it. */
export type SentImage = Pick<StoredFile, "hash" | "name" | "mediaType">;

/** Calls of a key that are looked through; a result's own is among the newest. */
const most = 100;

/** The calls of a result at an address as the journal has them. */
export async function callDetails(
  address: Address,
  calls: readonly CallFacts[],
  { notes }: SessionState,
  { journal }: Runtime,
): Promise<readonly CallDetail[]> {
  const text = addressText(address);
  const chosen = notes.get(text)?.chosen;
  return await Promise.all(
    calls.map(async (facts) => {
      const listed = (await journal.list({ key: facts.key, limit: most })).filter(({ end }) => end !== null);
      const own = listed.filter((call) => isOf(call, facts));
      const found =
        own.find((call) => `${call.key}@${call.sentAt}` === chosen) ??
        own.find((call) => call.address === text) ??
        own[0];
      return { ...facts, journal: found === undefined ? null : journaled(found) };
    }),
  );
}

/** Facts do not name the call they are of; how long it took and what it used do. */
function isOf({ sentAt, end, model }: JournalCall, facts: CallFacts): boolean {
  return (
    end!.endedAt - sentAt === facts.latency &&
    (end!.answeredBy ?? model) === facts.model &&
    end!.cost === facts.cost &&
    end!.usage.output === facts.usage.output
  );
}

/** A call that has not ended has nothing but what was sent. */
const noEnd: Partial<NonNullable<JournalCall["end"]>> = {};

/** A call that the journal lists, as the detail of a result has its calls. */
export function detailOf(call: JournalCall): CallDetail {
  const { key, model, sentAt, end } = call;
  const { answeredBy = model, usage = {}, cost = null, endedAt = sentAt } = end ?? noEnd;
  return { key, model: answeredBy, usage, cost, latency: endedAt - sentAt, cached: false, journal: journaled(call) };
}

function journaled({ model, step, run, address, sentAt, request, end }: JournalCall): JournaledCall {
  const { state = null, endedAt = sentAt, firstTextAt, finish = null, requestId = null, error = null } = end ?? noEnd;
  const {
    text = null,
    reasoning = null,
    response = null,
    keyNumber = null,
    keyHash = null,
    attempts = [],
    price = null,
  } = end ?? noEnd;
  return {
    model,
    step,
    run,
    imported: run === importedRun,
    address,
    sentAt,
    firstText: firstTextAt === undefined ? null : firstTextAt - sentAt,
    latency: endedAt - sentAt,
    state,
    finish,
    requestId,
    request: request === null ? null : toRequest(request as unknown as Sent),
    text,
    reasoning,
    response,
    keyNumber,
    keyHash,
    attempts,
    error,
    price,
  };
}

/** A request as the journal keeps it: what is not set is not there. */
interface Sent {
  readonly messages?: readonly Message[];
  readonly completion?: string;
  readonly parameters: ModelParameters;
  readonly schema?: Datum;
  readonly images?: readonly SentImage[];
  readonly imageMessage?: number;
  readonly embedding?: EmbeddedSize;
}

function toRequest({
  messages = [],
  completion,
  parameters,
  schema = null,
  images = [],
  imageMessage = messages.findLastIndex(({ role }) => role === "user"),
  embedding,
}: Sent): JournaledCall["request"] {
  return {
    messages,
    completion: completion ?? null,
    parameters,
    schema,
    images,
    imageMessage,
    embedding: embedding ?? null,
  };
}
