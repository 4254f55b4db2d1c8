import type { OutgoingCall, Send, SentCall } from "./sender.ts";

/** A call in flight and those who read it. */
interface Flight {
  readonly controller: AbortController;
  readonly readers: Set<(text: string) => void>;
  readonly textSoFar: () => string;
  readonly ended: Promise<SentCall>;
  /** Whether a reader has been told of the end as its own call: exactly one is, so that sums count it once. */
  claimed: boolean;
}

/**
 * Lets equal calls in flight share one: each reader gets the text so far and the same end, all but one as `cached`. A
 * reader that is aborted leaves alone; when the last one leaves, the call is aborted, and that reader waits until its end
 * is written. Calls that want a fresh answer (`maximumAge` 0) are not shared.
 */
export function shared(send: Send): Send {
  const flights = new Map<string | symbol, Flight>();

  const start = (key: string | symbol, call: OutgoingCall): Flight => {
    const controller = new AbortController();
    const readers: Flight["readers"] = new Set();
    let text = "";
    const flight: Flight = {
      controller,
      readers,
      claimed: false,
      textSoFar: () => text,
      ended: send(call, controller.signal, (more) => {
        text = more;
        for (const reader of readers) reader(text);
      }).finally(() => {
        if (flights.get(key) === flight) flights.delete(key);
      }),
    };
    flights.set(key, flight);
    return flight;
  };

  return async (call, signal, onText) => {
    signal.throwIfAborted();
    const key = call.context.maximumAge === 0 ? Symbol(call.key) : call.key;
    const flight = flights.get(key) ?? start(key, call);
    const sent = await reading(flight, signal, onText, () => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    if (flight.claimed) return { ...sent, cached: true };
    flight.claimed = true;
    return sent;
  };
}

/**
 * Resolves with the flight. A reader whose signal aborts, or whose `onText` throws, leaves: it rejects at once, or, where it
 * was the last, aborts the flight and rejects when that has ended.
 */
function reading(
  flight: Flight,
  signal: AbortSignal,
  onText: (text: string) => void,
  abandon: () => void,
): Promise<SentCall> {
  return new Promise((resolve, reject) => {
    const read = (text: string): void => {
      try {
        onText(text);
      } catch (thrown) {
        leave(thrown);
      }
    };
    const leave = (reason: unknown): void => {
      if (!flight.readers.delete(read)) return;
      signal.removeEventListener("abort", aborted);
      if (flight.readers.size > 0) {
        reject(reason);
        return;
      }
      // Whoever asks for the same from now on must not join a call that is being aborted.
      abandon();
      flight.controller.abort(reason);
      void flight.ended.then(() => reject(reason), reject);
    };
    const aborted = (): void => leave(signal.reason);
    signal.addEventListener("abort", aborted, { once: true });
    flight.readers.add(read);
    if (flight.textSoFar() !== "") read(flight.textSoFar());
    const end = (settle: () => void): void => {
      if (!flight.readers.delete(read)) return;
      signal.removeEventListener("abort", aborted);
      settle();
    };
    flight.ended.then(
      (sent) => end(() => resolve(sent)),
      (thrown: unknown) => end(() => reject(thrown)),
    );
  });
}
