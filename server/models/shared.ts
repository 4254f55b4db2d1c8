import { fallbackReasons } from "./calling/fallen-back.ts";
import { mayAnswer } from "./may-answer.ts";
import { ModelError } from "./model-error.ts";
import { namesOf, type OutgoingCall, type Send, type SentCall } from "./sender.ts";

/** A call in flight and those who read it. */
interface Flight {
  /** That of the reader who began it: it goes by its terms. */
  readonly call: OutgoingCall;
  readonly controller: AbortController;
  readonly readers: Set<Reader>;
  readonly textSoFar: () => string;
  readonly ended: Promise<SentCall>;
  /** Whether it has left for the model. */
  isSent: boolean;
  /** Whether a reader has been told of the end as its own call: exactly one is, so that sums count it once. */
  claimed: boolean;
}

interface Reader {
  read(text: string): void;
  /** Reads a flight from now on. */
  follow(flight: Flight): void;
}

/**
 * Lets equal calls in flight share one: each reader gets the text so far and the same end, all but one as `cached`. A
 * reader that is aborted leaves alone; when the last one leaves, the call is aborted, and that reader waits until its end
 * is written. Calls that want a fresh answer (`maximumAge` 0) are not shared.
 *
 * What holds a call up before it is sent (a budget, its place in the line) is no reason for those of other runs, or that
 * somebody waits for: until one of them is sent each has a flight of its own. That one is read by all then, and the others
 * end. Where it fails, a reader with fallbacks of its own goes on with them, and where a fallback answered that a reader does not name,
 * that reader by itself. What the journal has comes first,
 * `throughJournal`: as old as each reader takes it.
 */
export function shared(send: Send, throughJournal: (send: Send) => Send = (inner) => inner): Send {
  const flights = new Map<string | symbol, readonly Flight[]>();

  const end = (key: string | symbol, flight: Flight): void => {
    const left = flights.get(key)?.filter((other) => other !== flight) ?? [];
    if (left.length === 0) flights.delete(key);
    else flights.set(key, left);
  };

  /** The flight that is sent answers those who read others, which are not sent any more. */
  const answerAll = (key: string | symbol, flight: Flight): void => {
    const all = flights.get(key)!;
    if (all.length === 1) return;
    flights.set(key, [flight]);
    for (const { readers, controller } of all.filter((other) => other !== flight)) {
      const moving = [...readers];
      readers.clear();
      for (const reader of moving) reader.follow(flight);
      controller.abort();
    }
  };

  const start = (key: string | symbol, call: OutgoingCall): Flight => {
    const { context } = call;
    const controller = new AbortController();
    const readers: Flight["readers"] = new Set();
    let text = "";
    const onSend = (): void => {
      controller.signal.throwIfAborted();
      context.onSend?.();
      flight.isSent = true;
      answerAll(key, flight);
    };
    const flight: Flight = {
      call,
      controller,
      readers,
      isSent: false,
      claimed: false,
      textSoFar: () => text,
      ended: send({ ...call, context: { ...context, onSend } }, controller.signal, (more) => {
        text = more;
        for (const reader of readers) reader.read(text);
      }).finally(() => end(key, flight)),
    };
    flights.set(key, [...(flights.get(key) ?? []), flight]);
    return flight;
  };

  const find = (key: string | symbol, call: OutgoingCall): Flight | undefined =>
    flights.get(key)?.find((flight) => flight.isSent || haveSameTerms(flight.call, call));

  const join = async (key: string | symbol, ...[call, signal, onText]: Parameters<Send>): Promise<SentCall> => {
    signal.throwIfAborted();
    const first = find(key, call) ?? start(key, call);
    const { flight, sent } = await reading(first, signal, onText, (left) => end(key, left));
    if (key === call.key && mayBeAnswered(call, flight.call, sent))
      return join(`${call.key} ${JSON.stringify(namesOf(call))}`, call, signal, onText);
    if (flight.claimed) return { ...sent, cached: true };
    flight.claimed = true;
    return sent;
  };
  const joinOrAsk = throughJournal((call, ...rest) => join(call.key, call, ...rest));

  return async (call, signal, onText) => {
    signal.throwIfAborted();
    const age = oldest(call);
    if (age === 0) return join(Symbol(call.key), call, signal, onText);
    const flight = find(call.key, call);
    // The journal had nothing so old when it began.
    const isKnown = flight !== undefined && oldest(flight.call) >= age;
    return isKnown ? join(call.key, call, signal, onText) : joinOrAsk(call, signal, onText);
  };
}

function oldest({ context: { maximumAge = Number.POSITIVE_INFINITY } }: OutgoingCall): number {
  return maximumAge;
}

function haveSameFallbacks(one: OutgoingCall, other: OutgoingCall): boolean {
  const [names, otherNames] = [namesOf(one), namesOf(other)];
  return names.length === otherNames.length && names.every((name, place) => name === otherNames[place]);
}

/** Whether what holds one up before it is sent would hold the other up as well. */
function haveSameTerms(one: OutgoingCall, other: OutgoingCall): boolean {
  const [mine, theirs] = [one.context, other.context];
  const isOfRun = mine.run === theirs.run && mine.notebook === theirs.notebook && mine.priority === theirs.priority;
  return isOfRun && haveSameFallbacks(one, other);
}

/** Whether a call, read as one with other fallbacks that failed, or that one of these answered, may end otherwise with its own. */
function mayBeAnswered(call: OutgoingCall, shared: OutgoingCall, { end, thrown }: SentCall): boolean {
  if (end.state === "done" && !mayAnswer(end, namesOf(call))) return true;
  if (end.state === "done" || end.state === "cancelled" || end.text !== "") return false;
  if (haveSameFallbacks(call, shared)) return false;
  const hasFallenBack = end.attempts?.some(({ next }) => next !== undefined) === true;
  const hasReason = thrown instanceof ModelError && fallbackReasons.has(thrown.code);
  return hasFallenBack || (hasReason && namesOf(call).length > 0);
}

/**
 * Resolves with the flight that was read to its end. A reader whose signal aborts, or whose `onText` throws, leaves: it
 * rejects at once, or, where it was the last, aborts the flight and rejects when that has ended.
 */
function reading(
  first: Flight,
  signal: AbortSignal,
  onText: (text: string) => void,
  abandon: (flight: Flight) => void,
): Promise<{ readonly flight: Flight; readonly sent: SentCall }> {
  return new Promise((resolve, reject) => {
    let flight = first;
    const leave = (reason: unknown): void => {
      if (!flight.readers.delete(reader)) return;
      signal.removeEventListener("abort", aborted);
      if (flight.readers.size > 0) {
        reject(reason);
        return;
      }
      // Whoever asks for the same from now on must not join a call that is being aborted.
      abandon(flight);
      flight.controller.abort(reason);
      void flight.ended.then(() => reject(reason), reject);
    };
    const reader: Reader = {
      read(text) {
        try {
          onText(text);
        } catch (thrown) {
          leave(thrown);
        }
      },
      follow(next) {
        flight = next;
        next.readers.add(reader);
        if (next.textSoFar() !== "") reader.read(next.textSoFar());
        const end = (settle: () => void): void => {
          if (!next.readers.delete(reader)) return;
          signal.removeEventListener("abort", aborted);
          settle();
        };
        next.ended.then(
          (sent) => end(() => resolve({ flight: next, sent })),
          (thrown: unknown) => end(() => reject(thrown)),
        );
      },
    };
    const aborted = (): void => leave(signal.reason);
    signal.addEventListener("abort", aborted, { once: true });
    reader.follow(first);
  });
}
