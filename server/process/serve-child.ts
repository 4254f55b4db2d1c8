import module from "node:module";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { ChildMessage, ParentMessage } from "./protocol.ts";
import { watchParent } from "./watch-parent.ts";

/** What a method gets beside its argument. */
export interface MethodContext {
  /** Aborts when the caller cancels. */
  readonly signal: AbortSignal;
  /** Sends a part; resolves when the pipe has taken it. A method with many parts awaits it, so that they do not pile up. */
  emit(part: unknown): Promise<void>;
}

/** One thing a child can do. */
export type Method = (argument: never, context: MethodContext) => unknown;

/** Answers the parent's calls with the named methods until the parent goes. Called once, by a child's own module. */
export function serveChild(methods: { readonly [name: string]: Method }): void {
  const running = new Map<number, AbortController>();
  watchParent();
  process.on("message", (message: ParentMessage) => {
    if (message.type === "cancel") running.get(message.id)?.abort(new SheafError("child.cancelled", "cancelled"));
    else void answer(message);
  });
  void send({ type: "ready" });
  // It may be killed at any time, and would have kept nothing of what it has compiled.
  module.flushCompileCache();

  async function answer({ id, method, argument }: ParentMessage & { type: "call" }): Promise<void> {
    const abort = new AbortController();
    running.set(id, abort);
    try {
      if (!Object.hasOwn(methods, method)) throw new SheafError("child.method", `there is no method ${method}`);
      const value = await methods[method]!(argument as never, {
        signal: abort.signal,
        emit: (part) => send({ type: "part", id, part }),
      });
      await send({ type: "result", id, value });
    } catch (thrown) {
      await send({ type: "error", id, error: toCellError(thrown) });
    } finally {
      running.delete(id);
    }
  }
}

/** Resolves when the message is written, or the parent is gone: then this process is about to end and nobody reads it. */
function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    try {
      process.send!(message, undefined, {}, () => resolve());
    } catch (cause) {
      reject(
        new SheafError("child.message", `what was computed cannot leave its process: ${String(cause)}`, { cause }),
      );
    }
  });
}
