import type { OutgoingCall, Send, SentCall } from "./sender.ts";

/** A call in flight and those who read it. */
interface Flight {
  readonly controller: AbortController;
  readonly readers: Set<(text: string) => void>;
  readonly textSoFar: () => string;
  readonly ended: Promise<SentCall>;
}

/**
 * Lets equal calls in flight share one: each reader gets the text so far and the same end, those who joined as `cached`. A
 * reader that is aborted leaves alone; when the last one leaves, the call is aborted, and that reader waits until its end
 * is written. Calls that want a fresh answer (`maximumAge` 0) are not shared.
 */
export function shared(send: Send): Send {
  const flights = new Map<string, Flight>();

  const start = (call: OutgoingCall): Flight => {
    const controller = new AbortController();
    const readers: Flight["readers"] = new Set();
    let text = "";
    const flight: Flight = {
      controller,
      readers,
      textSoFar: () => text,
      ended: send(call, controller.signal, (more) => {
        text = more;
        for (const reader of readers) reader(text);
      }).finally(() => {
        if (flights.get(call.key) === flight) flights.delete(call.key);
      }),
    };
    flights.set(call.key, flight);
    return flight;
  };

  return async (call, signal, onText) => {
    if (call.context.maximumAge === 0) return send(call, signal, onText);
    signal.throwIfAborted();
    const joined = flights.get(call.key);
    const flight = joined ?? start(call);
    // Each reader is its own, though the same function may read twice.
    const reader = (text: string): void => onText(text);
    flight.readers.add(reader);
    if (flight.textSoFar() !== "") onText(flight.textSoFar());
    const sent = await reading(flight, reader, signal, () => {
      if (flights.get(call.key) === flight) flights.delete(call.key);
    });
    signal.throwIfAborted();
    return joined === undefined ? sent : { ...sent, cached: true };
  };
}

/** Resolves with the flight; rejects at once when `signal` aborts, unless this was the last reader: then when the flight has ended. */
function reading(
  flight: Flight,
  reader: (text: string) => void,
  signal: AbortSignal,
  abandon: () => void,
): Promise<SentCall> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      flight.readers.delete(reader);
      if (flight.readers.size > 0) {
        reject(signal.reason);
        return;
      }
      // Whoever asks for the same from now on must not join a call that is being aborted.
      abandon();
      flight.controller.abort(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    flight.ended.then(resolve, reject).finally(() => {
      flight.readers.delete(reader);
      signal.removeEventListener("abort", leave);
    });
  });
}
