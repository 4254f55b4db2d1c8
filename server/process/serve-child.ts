import { toCellError } from "#server/notebook/sheaf-error.ts";
import { watchParent } from "./watch-parent.ts";
import type { ChildMessage, ParentMessage } from "./protocol.ts";

/** One thing a child can do. `emit` sends a part; `signal` aborts when the caller cancels. */
export type Method = (argument: never, context: { readonly signal: AbortSignal; emit(part: unknown): void }) => unknown;

/** Answers the parent's calls with the named methods until the parent goes. Called once, by a child's own module. */
export function serveChild(methods: { readonly [name: string]: Method }): void {
  const running = new Map<number, AbortController>();
  const send = (message: ChildMessage): void => void process.send?.(message);
  watchParent();
  process.on("message", async (message: ParentMessage) => {
    if (message.type === "cancel") return running.get(message.id)?.abort(new Error("cancelled"));
    const { id, method, argument } = message;
    const abort = new AbortController();
    running.set(id, abort);
    try {
      const run = methods[method];
      if (run === undefined) throw new Error(`no method ${method}`);
      const value = await run(argument as never, {
        signal: abort.signal,
        emit: (part) => send({ type: "part", id, part }),
      });
      send({ type: "result", id, value });
    } catch (thrown) {
      send({ type: "error", id, error: toCellError(thrown) });
    } finally {
      running.delete(id);
    }
  });
}
