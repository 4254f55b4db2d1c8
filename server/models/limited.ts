import type { ChatModel } from "./model.ts";
import type { Send } from "./sender.ts";

/** Calls in flight at once at one provider where the model does not say otherwise. */
export const defaultConcurrency = 64;

/**
 * Holds the calls in flight at each provider and base URL to its bound. The others wait; the runs they are of take turns, so that one
 * answer to a caller does not wait behind a sheet, and within a run they go in the order they came. One that is aborted leaves the line.
 * `bound` overrides what the models say.
 */
export function limited(send: Send, bound?: (model: ChatModel) => number | undefined): Send {
  const lines = new Map<string, { free: number; readonly waiting: WaitingLine }>();
  return async (call, signal, onText) => {
    const { model } = call;
    signal.throwIfAborted();
    const place = `${model.name.slice(0, model.name.indexOf("/"))} ${model.identity["baseUrl"] ?? ""}`;
    let line = lines.get(place);
    if (line === undefined)
      lines.set(
        place,
        (line = { free: bound?.(model) ?? model.concurrency ?? defaultConcurrency, waiting: waitingLine() }),
      );
    if (line.free > 0) line.free -= 1;
    else await line.waiting.turn(call.context.run, signal);
    try {
      return await send(call, signal, onText);
    } finally {
      // The place goes straight to the next, so that nobody who comes now passes it.
      if (!line.waiting.next()) line.free += 1;
    }
  };
}

interface WaitingLine {
  /** Resolves when it is the turn of a call of this run; rejects with the signal's reason. */
  turn(run: string, signal: AbortSignal): Promise<void>;
  /** Lets the next one go; false where nobody waits. */
  next(): boolean;
}

function waitingLine(): WaitingLine {
  /** By run, the run whose turn is next first. */
  const runs = new Map<string, Set<() => void>>();

  function leave(run: string, enter: () => void): void {
    const waiting = runs.get(run)!;
    waiting.delete(enter);
    if (waiting.size === 0) runs.delete(run);
  }

  return {
    turn: (run, signal) =>
      new Promise((resolve, reject) => {
        const abort = (): void => {
          leave(run, enter);
          reject(signal.reason);
        };
        const enter = (): void => {
          leave(run, enter);
          signal.removeEventListener("abort", abort);
          resolve();
        };
        signal.addEventListener("abort", abort, { once: true });
        const waiting = runs.get(run);
        if (waiting === undefined) runs.set(run, new Set([enter]));
        else waiting.add(enter);
      }),
    next() {
      const [first] = runs;
      if (first === undefined) return false;
      const [run, waiting] = first;
      const [enter] = waiting;
      enter!();
      // The others have their turn before it.
      if (waiting.size > 0) {
        runs.delete(run);
        runs.set(run, waiting);
      }
      return true;
    },
  };
}
