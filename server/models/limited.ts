import type { ChatModel } from "./model.ts";
import type { Send } from "./sender.ts";

/** Calls in flight at once at one provider where the model does not say otherwise. */
export const defaultConcurrency = 64;

/**
 * Holds the calls in flight at each provider and base URL to its bound; the others wait in the order they came, and one that
 * is aborted leaves the line. `bound` overrides what the models say.
 */
export function limited(send: Send, bound?: (model: ChatModel) => number | undefined): Send {
  const lines = new Map<string, { free: number; readonly waiting: Set<() => void> }>();
  return async (call, signal, onText) => {
    const { model } = call;
    signal.throwIfAborted();
    const place = `${model.name.slice(0, model.name.indexOf("/"))} ${model.identity["baseUrl"] ?? ""}`;
    let line = lines.get(place);
    if (line === undefined)
      lines.set(
        place,
        (line = { free: bound?.(model) ?? model.concurrency ?? defaultConcurrency, waiting: new Set() }),
      );
    if (line.free > 0) line.free -= 1;
    else await turn(line.waiting, signal);
    try {
      return await send(call, signal, onText);
    } finally {
      const [next] = line.waiting;
      // The place goes straight to the next, so that nobody who comes now passes it.
      if (next === undefined) line.free += 1;
      else next();
    }
  };
}

function turn(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      waiting.delete(enter);
      reject(signal.reason);
    };
    const enter = (): void => {
      waiting.delete(enter);
      signal.removeEventListener("abort", leave);
      resolve();
    };
    signal.addEventListener("abort", leave, { once: true });
    waiting.add(enter);
  });
}
