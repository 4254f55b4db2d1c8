import { isMapping } from "#server/notebook/is-mapping.ts";
import { ModelError, type ModelErrorFacts } from "./model-error.ts";
import type { StreamPart } from "./model.ts";
import { objectIn } from "./object-in.ts";
import { providerLimits } from "./provider-limits.ts";
import { brokeOff, failureError, redacted, toModelError, truncatedError, type ErrorSource } from "./provider-error.ts";
import { beginningOf } from "./provider-fetch.ts";
import { readEvents, type ServerEvent } from "./read-events.ts";
import { readWhole } from "./read-whole.ts";
import { requestIdIn } from "./request-id-in.ts";
import { responseOf, type SendRequest } from "./response-of.ts";

/** A stream's parsed event with the name it was sent under. */
export interface ParsedEvent {
  readonly event?: string;
  readonly data: unknown;
}

export interface HttpStream {
  /** What the provider says with the head of its response, as a part of the answer. */
  readonly head: Extract<StreamPart, { type: "head" }>;
  readonly events: AsyncIterable<ParsedEvent>;
  readonly seen: Seen;
}

/** What was given last: an event, or the whole answer. */
interface Seen {
  /** What it is where it is not as it should be. */
  readonly what: keyof typeof misread;
  data?: object;
}

export interface StreamReading {
  /** Whether the last event is given too. */
  readonly lastIsGiven?: boolean;
  /** Whether the request asks for a whole answer, and not for a stream. */
  readonly whole?: boolean | undefined;
  /** The events as which a whole answer is read; what is none is one event called `error`. */
  readonly wholeAs: (body: object) => Iterable<ParsedEvent>;
  /** When the request may leave: at once where absent. */
  readonly leaves?: Promise<void> | undefined;
}

/**
 * Sends a request and reads its answer as a stream of JSON events up to the last, which is not given unless it is asked for. Everything that can go
 * wrong is a `ModelError`: an HTTP error, a refused connection, a 200 whose body is no stream, broken JSON, a body that ends
 * before the last event (`model.truncated`). Abort rejects with the signal's reason. So it is with a whole answer, of which
 * nothing is given before all of it is there. One that comes whole and was asked for as a stream, or the other way round, is read as it comes: it is paid for.
 */
export async function openStream(
  send: SendRequest,
  isLast: (event: ServerEvent) => boolean,
  source: ErrorSource,
  signal: AbortSignal,
  { lastIsGiven = false, whole = false, wholeAs, leaves }: StreamReading,
): Promise<HttpStream> {
  const response = await responseOf(send, source, signal, leaves);
  const type = response.headers.get("content-type");
  const isWhole = type === null ? whole : jsonType.test(type);
  const expected = (): ModelError =>
    notExpected(`${type} and no ${whole ? "JSON" : "stream of events"}`, response, whole, source);
  // Some send their events as that; what has none is a page.
  const plain = type !== null && !whole && plainType.test(type);
  if (type !== null && !isWhole && !plain && !streamType.test(type)) {
    // Its connection is free, or closed.
    await beginningOf(response);
    signal.throwIfAborted();
    throw expected();
  }
  const seen: Seen = { what: isWhole ? "no answer" : "no event" };
  return {
    seen,
    head: { type: "head", ...requestIdIn(response.headers), limits: providerLimits(response.headers) },
    events: isWhole
      ? wholeEvents(response, wholeAs, whole, seen, source, signal)
      : parsedEvents(response, isLast, lastIsGiven, seen, source, signal, plain ? expected : undefined),
  };
}

/**
 * The parts of an answer, as `read` makes them of its events. An event that `read` fails at, because a part of it is missing or is something
 * else, is an error of the provider like any other, with the event's beginning. An answer that is longer than one may be ends there, and the connection with it.
 */
export async function* partsOf(
  stream: HttpStream,
  read: (stream: HttpStream, source: ErrorSource) => AsyncIterable<StreamPart>,
  source: ErrorSource,
  signal: AbortSignal,
): AsyncGenerator<StreamPart, void, undefined> {
  const { seen, head } = stream;
  let length = 0;
  try {
    yield head;
    for await (const part of read(stream, source)) {
      if ("text" in part && typeof part.text !== "string") throw new TypeError(`a text that is ${typeof part.text}`);
      // A server cannot fill the memory.
      if ("text" in part && (length += part.text.length) > longestAnswer)
        throw toModelError(new RangeError(`an answer longer than ${longestAnswer} characters`), source);
      yield part;
    }
  } catch (thrown) {
    if (thrown instanceof ModelError || signal.aborted) throw thrown;
    throw unread(seen.what, JSON.stringify(seen.data ?? {}), source, thrown);
  }
}

/** The longest answer that is read: whole in bytes, of a stream in characters of its text and of what was thought. */
const longestAnswer = 10_000_000;

const streamType = /^text\/event-stream\b/i;
const plainType = /^text\/plain\b/i;
/** One value: none of the types that have one a line. */
const jsonType = /^(?!.*(?:ndjson|jsonl|json-seq)).*json/i;

async function* wholeEvents(
  response: Response,
  wholeAs: (body: object) => Iterable<ParsedEvent>,
  whole: boolean,
  seen: Seen,
  source: ErrorSource,
  signal: AbortSignal,
): AsyncGenerator<ParsedEvent, void, undefined> {
  const elsewhere = (error: ModelError): ModelError => saidElsewhere(error, whole, source);
  const body = await readWhole(response, longestAnswer, source, signal).catch((thrown: unknown) => {
    throw thrown instanceof ModelError ? elsewhere(thrown) : thrown;
  });
  seen.data = body;
  for (const event of wholeAs(body)) {
    if (event.event === "error") throw notAnAnswer(body, response.headers, source, elsewhere);
    yield event;
  }
}

/** An object that is no answer: an error in the provider's words, or what `elsewhere` says of it. */
function notAnAnswer(
  body: object,
  headers: Headers,
  source: ErrorSource,
  elsewhere: (error: ModelError) => ModelError,
): ModelError {
  const said = failureError({ body, headers }, source);
  const { error, message } = body as { readonly error?: unknown; readonly message?: unknown };
  return error || message ? said : elsewhere(unread("no answer", JSON.stringify(body), source).with(said.facts));
}

/** An error of JSON that is no answer and no error by its words: most often something else is at that address, and asking again would not help. */
function saidElsewhere(
  error: ModelError,
  whole: boolean,
  { baseUrl, title, model }: ErrorSource,
  facts: ModelErrorFacts = { retryable: false },
): ModelError {
  if (error.code !== "model.provider-failed") return error;
  return new ModelError(error.code, error.message, {
    ...error.facts,
    ...facts,
    cause: error,
    cure: `Check that ${baseUrl} is where ${title} has this API.${whole ? "" : ` If ${model} does not stream, say so of it on the page Models.`}`,
  });
}

async function* parsedEvents(
  response: Response,
  isLast: (event: ServerEvent) => boolean,
  lastIsGiven: boolean,
  seen: Seen,
  source: ErrorSource,
  signal: AbortSignal,
  /** The error of what has no event at all, where that is none of a stream that broke off. */
  noStream?: () => ModelError,
): AsyncGenerator<ParsedEvent, void, undefined> {
  if (response.body === null) throw truncatedError(source);
  const events = readEvents(response.body, isLast);
  try {
    for (;;) {
      let next: IteratorResult<ServerEvent, string>;
      try {
        next = await events.next();
      } catch (thrown) {
        signal.throwIfAborted();
        throw brokeOff(thrown, source);
      }
      signal.throwIfAborted();
      if (next.done) throw (seen.data === undefined && noStream?.()) || endedEarly(next.value, source);
      const { value } = next;
      const last = isLast(value);
      if (last && !lastIsGiven) return;
      const data = (seen.data = parseEvent(value, source));
      yield value.event === undefined ? { data } : { event: value.event, data };
      if (last) return;
    }
  } finally {
    await events.return("");
  }
}

/** The error of a stream that ended before its last event: the one that stands in its place, where a server says it without an event. */
function endedEarly(rest: string, source: ErrorSource): ModelError {
  const said = rest
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== "" && !/^(?:data|event|id|retry)?:/.test(line))
    .join("\n")
    .trim();
  if (said === "") return truncatedError(source);
  const parsed = jsonIn(said);
  const body: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  if (isMapping(body) && (body["error"] || body["object"] === "error")) return failureError({ body }, source);
  return truncatedError(source, new Error(`it ended with what is no event: ${redacted(said, source, 200)}`));
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function parseEvent({ cut, data }: ServerEvent, source: ErrorSource): object {
  return objectIn(data, (what, cause) =>
    cut ? truncatedError(source) : unread(what === "no JSON" ? what : "no event", data, source, cause),
  );
}

const misread = {
  "no JSON": "the stream has an event that is no JSON",
  "no event": "the stream has what is no event of an answer",
  "no answer": "the answer is not as answers are",
};

function unread(what: keyof typeof misread, text: string, source: ErrorSource, cause?: unknown): ModelError {
  return failureError({ body: { message: `${misread[what]}: ${redacted(text, source, 200)}` }, cause }, source);
}

/** A 200 that is neither is an error whatever it says: most often a page of a proxy, which may be gone the next time, or of what else is at that address. */
function notExpected(what: string, { headers }: Response, whole: boolean, source: ErrorSource): ModelError {
  return saidElsewhere(
    failureError({ body: { message: `the answer is ${what}` }, headers }, source),
    whole,
    source,
    {},
  );
}
